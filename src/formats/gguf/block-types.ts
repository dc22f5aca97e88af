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
}

const f = Math.fround;

/** @param block - writes the numbers of one block, which begins at byte `at`, to numbers[to …] */
function blocksOf(
  name: string,
  size: number,
  bytes: number,
  block: (b: Uint8Array, at: number, numbers: Float32Array, to: number, half: (at: number) => number) => void,
): BlockType {
  return {
    name,
    size,
    bytes,
    read(blocks, numbers) {
      const values = halfValues();
      const half = (at: number) => values[blocks[at] | (blocks[at + 1] << 8)];
      for (let at = 0, to = 0; at < blocks.length; at += bytes, to += size) block(blocks, at, numbers, to, half);
    },
  };
}

/** The 6-bit scales and minima of eight groups, packed into 12 bytes: those of the last four have their upper bits apart. */
function packedScales(b: Uint8Array, at: number, group: number): [scale: number, minimum: number] {
  if (group < 4) return [b[at + group] & 63, b[at + group + 4] & 63];
  const shared = b[at + group + 4];
  return [(shared & 15) | ((b[at + group - 4] >> 2) & 0x30), (shared >> 4) | ((b[at + group] >> 2) & 0x30)];
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
    blocksOf("F16", 1, 2, (_, at, numbers, to, half) => {
      numbers[to] = half(at);
    }),
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
    blocksOf("Q4_0", 32, 18, (b, at, numbers, to, half) => {
      const d = half(at);
      for (let i = 0; i < 16; i++) {
        const pair = b[at + 2 + i];
        numbers[to + i] = d * ((pair & 15) - 8);
        numbers[to + i + 16] = d * ((pair >> 4) - 8);
      }
    }),
  ],
  [
    3,
    blocksOf("Q4_1", 32, 20, (b, at, numbers, to, half) => {
      const [d, m] = [half(at), half(at + 2)];
      for (let i = 0; i < 16; i++) {
        const pair = b[at + 4 + i];
        numbers[to + i] = f(d * (pair & 15)) + m;
        numbers[to + i + 16] = f(d * (pair >> 4)) + m;
      }
    }),
  ],
  [
    6,
    blocksOf("Q5_0", 32, 22, (b, at, numbers, to, half) => {
      const d = half(at);
      for (let i = 0; i < 16; i++) {
        const pair = b[at + 6 + i];
        numbers[to + i] = d * (((pair & 15) | (fifthBit(b, at + 2, i) << 4)) - 16);
        numbers[to + i + 16] = d * (((pair >> 4) | (fifthBit(b, at + 2, i + 16) << 4)) - 16);
      }
    }),
  ],
  [
    7,
    blocksOf("Q5_1", 32, 24, (b, at, numbers, to, half) => {
      const [d, m] = [half(at), half(at + 2)];
      for (let i = 0; i < 16; i++) {
        const pair = b[at + 8 + i];
        numbers[to + i] = f(d * ((pair & 15) | (fifthBit(b, at + 4, i) << 4))) + m;
        numbers[to + i + 16] = f(d * ((pair >> 4) | (fifthBit(b, at + 4, i + 16) << 4))) + m;
      }
    }),
  ],
  [
    8,
    blocksOf("Q8_0", 32, 34, (b, at, numbers, to, half) => {
      const d = half(at);
      for (let i = 0; i < 32; i++) numbers[to + i] = d * signed(b[at + 2 + i]);
    }),
  ],
  [
    12,
    blocksOf("Q4_K", 256, 144, (b, at, numbers, to, half) => {
      const [d, least] = [half(at), half(at + 2)];
      for (let group = 0; group < 8; group++) {
        const [scale, minimum] = packedScales(b, at + 4, group);
        const [step, m] = [f(d * scale), f(least * minimum)];
        const from = at + 16 + 32 * (group >> 1);
        const shift = 4 * (group & 1);
        for (let i = 0; i < 32; i++) numbers[to + 32 * group + i] = f(step * ((b[from + i] >> shift) & 15)) - m;
      }
    }),
  ],
  [
    13,
    blocksOf("Q5_K", 256, 176, (b, at, numbers, to, half) => {
      const [d, least] = [half(at), half(at + 2)];
      for (let group = 0; group < 8; group++) {
        const [scale, minimum] = packedScales(b, at + 4, group);
        const [step, m] = [f(d * scale), f(least * minimum)];
        const from = at + 48 + 32 * (group >> 1);
        const shift = 4 * (group & 1);
        for (let i = 0; i < 32; i++) {
          const q = ((b[from + i] >> shift) & 15) | (((b[at + 16 + i] >> group) & 1) << 4);
          numbers[to + 32 * group + i] = f(step * q) - m;
        }
      }
    }),
  ],
  [
    14,
    blocksOf("Q6_K", 256, 210, (b, at, numbers, to, half) => {
      const d = half(at + 208);
      for (let group = 0; group < 8; group++) {
        // Two halves of four groups: the lower bits are 64 bytes of pairs a half, the upper ones 32 bytes of four.
        const [side, part] = [group >> 2, group & 3];
        const low = at + 64 * side + 32 * (part & 1);
        const high = at + 128 + 32 * side;
        for (let i = 0; i < 32; i++) {
          const q = ((b[low + i] >> (4 * (part >> 1))) & 15) | (((b[high + i] >> (2 * part)) & 3) << 4);
          const scale = f(d * signed(b[at + 192 + 2 * group + (i >> 4)]));
          numbers[to + 32 * group + i] = scale * (q - 32);
        }
      }
    }),
  ],
] satisfies [number, BlockType][]);

const fifthBit = (b: Uint8Array, at: number, i: number) => (b[at + (i >> 3)] >> (i & 7)) & 1;
const signed = (byte: number) => (byte << 24) >> 24;

/** Types that are not read, to name them. */
export const otherTypes: ReadonlyMap<number, string> = new Map(
  Object.entries({
    ...{ 9: "Q8_1", 10: "Q2_K", 11: "Q3_K", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S" },
    ...{ 20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS", 24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64" },
    ...{ 29: "IQ1_M", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4" },
  }).map(([type, name]) => [Number(type), name]),
);
