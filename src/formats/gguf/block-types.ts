// The number types of GGUF: floats, and blocks of few bits with their scales. Layouts: ggml-quants.c of ggml (block_q4_0 …);
// the numbers are those of Python's package gguf, bit for bit: every product and sum is rounded to 32 bits.
import { halfValues } from "../half-floats.js";

export interface BlockType {
  name: string;
  /** Numbers of a block, and its bytes. */
  size: number;
  bytes: number;
  /** Writes the numbers of all blocks. */
  read(blocks: Uint8Array, numbers: Float32Array): void;
  /** Left out by types of floats. */
  integers?: BlockIntegers;
}

/** What a block of few bits holds: integers without a sign, groups of which share a scale. */
export interface BlockIntegers {
  /** Bits of an integer. */
  bits: 4 | 5 | 6 | 8;
  /** Numbers that share a scale. */
  group: number;
  /** A number is scale · (q − zero), or scale · q + minimum where there are minima. */
  zero: number;
  hasMinima: boolean;
  /** Takes the block at byte `at` apart. */
  unpack(b: Uint8Array, at: number, half: (at: number) => number, into: UnpackedBlock): void;
}

export interface UnpackedBlock {
  integers: Uint8Array;
  scales: Float32Array;
  minima: Float32Array;
}

const f = Math.fround;

function ofIntegers(name: string, size: number, bytes: number, integers: BlockIntegers): BlockType {
  const { group, zero, hasMinima, unpack } = integers;
  return {
    ...{ name, size, bytes, integers },
    read(blocks, numbers) {
      const into = emptyBlock(size, group);
      const half = halvesOf(blocks);
      for (let at = 0, to = 0; at < blocks.length; at += bytes, to += size) {
        unpack(blocks, at, half, into);
        for (let first = 0, g = 0; first < size; first += group, g++) {
          const [scale, minimum] = [into.scales[g], into.minima[g]];
          if (hasMinima)
            for (let i = first; i < first + group; i++) numbers[to + i] = f(scale * into.integers[i]) + minimum;
          else for (let i = first; i < first + group; i++) numbers[to + i] = scale * (into.integers[i] - zero);
        }
      }
    },
  };
}

export function emptyBlock(size: number, group: number): UnpackedBlock {
  const groups = size / group;
  return { integers: new Uint8Array(size), scales: new Float32Array(groups), minima: new Float32Array(groups) };
}

/** The 16-bit float at a byte. */
export function halvesOf(bytes: Uint8Array): (at: number) => number {
  const values = halfValues();
  return (at) => values[bytes[at] | (bytes[at + 1] << 8)];
}

/** The 6-bit scales and minima of eight groups, packed into 12 bytes: those of the last four have their upper bits apart. */
function packedScales(b: Uint8Array, at: number, group: number): [scale: number, minimum: number] {
  if (group < 4) return [b[at + group] & 63, b[at + group + 4] & 63];
  const shared = b[at + group + 4];
  return [(shared & 15) | ((b[at + group - 4] >> 2) & 0x30), (shared >> 4) | ((b[at + group] >> 2) & 0x30)];
}

/** Two halves of a block, in the lower and the upper four bits of 16 bytes. */
function pairs(b: Uint8Array, at: number, integers: Uint8Array): void {
  for (let i = 0; i < 16; i++) {
    integers[i] = b[at + i] & 15;
    integers[i + 16] = b[at + i] >> 4;
  }
}

function addFifthBits(b: Uint8Array, at: number, integers: Uint8Array): void {
  for (let i = 0; i < 32; i++) integers[i] |= ((b[at + (i >> 3)] >> (i & 7)) & 1) << 4;
}

/** Eight groups of 32, whose scales and minima are multiples of two; integers of 4 bits, of which a fifth may be apart. */
function unpackGroups(fifthBits: number | undefined): BlockIntegers["unpack"] {
  return (b, at, half, { integers, scales, minima }) => {
    const [d, least] = [half(at), half(at + 2)];
    const low = at + 16 + (fifthBits === undefined ? 0 : 32);
    for (let group = 0; group < 8; group++) {
      const [scale, minimum] = packedScales(b, at + 4, group);
      scales[group] = d * scale;
      minima[group] = -f(least * minimum);
      const from = low + 32 * (group >> 1);
      const shift = 4 * (group & 1);
      for (let i = 0; i < 32; i++) {
        const fifth = fifthBits === undefined ? 0 : ((b[at + fifthBits + i] >> group) & 1) << 4;
        integers[32 * group + i] = ((b[from + i] >> shift) & 15) | fifth;
      }
    }
  };
}

/** By ggml's number of the type. */
export const blockTypes: ReadonlyMap<number, BlockType> = new Map([
  [
    0,
    {
      name: "F32",
      size: 1,
      bytes: 4,
      read: (blocks, numbers) => new Uint8Array(numbers.buffer, numbers.byteOffset, blocks.length).set(blocks),
    },
  ],
  [
    1,
    {
      name: "F16",
      size: 1,
      bytes: 2,
      read(blocks, numbers) {
        const half = halvesOf(blocks);
        for (let i = 0; i < numbers.length; i++) numbers[i] = half(2 * i);
      },
    },
  ],
  [
    30,
    {
      name: "BF16",
      size: 1,
      bytes: 2,
      read(blocks, numbers) {
        const bits = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
        for (let i = 0; i < bits.length; i++) bits[i] = (blocks[2 * i] << 16) | (blocks[2 * i + 1] << 24);
      },
    },
  ],
  [
    2,
    ofIntegers("Q4_0", 32, 18, {
      ...{ bits: 4, group: 32, zero: 8, hasMinima: false },
      unpack(b, at, half, { integers, scales }) {
        scales[0] = half(at);
        pairs(b, at + 2, integers);
      },
    }),
  ],
  [
    3,
    ofIntegers("Q4_1", 32, 20, {
      ...{ bits: 4, group: 32, zero: 0, hasMinima: true },
      unpack(b, at, half, { integers, scales, minima }) {
        scales[0] = half(at);
        minima[0] = half(at + 2);
        pairs(b, at + 4, integers);
      },
    }),
  ],
  [
    6,
    ofIntegers("Q5_0", 32, 22, {
      ...{ bits: 5, group: 32, zero: 16, hasMinima: false },
      unpack(b, at, half, { integers, scales }) {
        scales[0] = half(at);
        pairs(b, at + 6, integers);
        addFifthBits(b, at + 2, integers);
      },
    }),
  ],
  [
    7,
    ofIntegers("Q5_1", 32, 24, {
      ...{ bits: 5, group: 32, zero: 0, hasMinima: true },
      unpack(b, at, half, { integers, scales, minima }) {
        scales[0] = half(at);
        minima[0] = half(at + 2);
        pairs(b, at + 8, integers);
        addFifthBits(b, at + 4, integers);
      },
    }),
  ],
  [
    8,
    ofIntegers("Q8_0", 32, 34, {
      ...{ bits: 8, group: 32, zero: 128, hasMinima: false },
      unpack(b, at, half, { integers, scales }) {
        scales[0] = half(at);
        for (let i = 0; i < 32; i++) integers[i] = b[at + 2 + i] ^ 128;
      },
    }),
  ],
  [
    12,
    ofIntegers("Q4_K", 256, 144, {
      ...{ bits: 4, group: 32, zero: 0, hasMinima: true },
      unpack: unpackGroups(undefined),
    }),
  ],
  [
    13,
    ofIntegers("Q5_K", 256, 176, {
      ...{ bits: 5, group: 32, zero: 0, hasMinima: true },
      unpack: unpackGroups(16),
    }),
  ],
  [
    14,
    ofIntegers("Q6_K", 256, 210, {
      ...{ bits: 6, group: 16, zero: 32, hasMinima: false },
      unpack(b, at, half, { integers, scales }) {
        const d = half(at + 208);
        for (let group = 0; group < 16; group++) scales[group] = d * signed(b[at + 192 + group]);
        // Two halves of four parts: the lower bits are 64 bytes of pairs a half, the upper ones 32 bytes of four.
        for (let part = 0; part < 8; part++) {
          const [side, own] = [part >> 2, part & 3];
          const low = at + 64 * side + 32 * (own & 1);
          const high = at + 128 + 32 * side;
          for (let i = 0; i < 32; i++)
            integers[32 * part + i] = ((b[low + i] >> (4 * (own >> 1))) & 15) | (((b[high + i] >> (2 * own)) & 3) << 4);
        }
      },
    }),
  ],
] satisfies [number, BlockType][]);

const signed = (byte: number) => (byte << 24) >> 24;

/** Types that are not read, to name them. */
export const otherTypes: ReadonlyMap<number, string> = new Map(
  Object.entries({
    ...{ 9: "Q8_1", 10: "Q2_K", 11: "Q3_K", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S" },
    ...{ 20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS", 24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64" },
    ...{ 29: "IQ1_M", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4" },
  }).map(([type, name]) => [Number(type), name]),
);
