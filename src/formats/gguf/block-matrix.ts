// The blocks of a GGUF tensor as a matrix of few bits: the same numbers, never written out.
import { type BlockMatrix, zeroOf } from "../block-matrix.js";
import { type BlockIntegers, type BlockType, emptyBlock, halvesOf } from "./block-types.js";

/** @param blocks - of (rows, columns) numbers of a type that has integers */
export function toBlockMatrix(
  { size, bytes, integers: kind }: BlockType & { integers: BlockIntegers },
  blocks: Uint8Array,
  rows: number,
  columns: number,
): BlockMatrix {
  const { group, hasMinima, unpack } = kind;
  const bits = kind.bits === 4 ? 4 : 8;
  // Of integers behind which a minimum is added the middle one stands for 0, so that shifts are small.
  const zero = hasMinima ? 1 << (kind.bits - 1) : kind.zero;
  const codes = new Uint8Array((rows * columns * bits) / 8);
  const scales = new Float32Array((rows * columns) / group);
  const shifts = hasMinima ? new Float32Array(scales.length) : undefined;
  const into = emptyBlock(size, group);
  const half = halvesOf(blocks);
  const up = zeroOf(bits) - zero;
  const { integers } = into;
  for (let at = 0, number = 0, place = 0; at < blocks.length; at += bytes, number += size) {
    unpack(blocks, at, half, into);
    if (bits === 8) for (let i = 0; i < size; i++) codes[number + i] = integers[i] + up;
    else for (let i = 0; i < size; i += 2) codes[(number + i) >> 1] = integers[i] + up + ((integers[i + 1] + up) << 4);
    for (let g = 0; g < into.scales.length; g++, place++) {
      scales[place] = into.scales[g];
      if (shifts) shifts[place] = into.minima[g] + zero * into.scales[g];
    }
  }
  return { bits, block: group, rows, columns, codes, scales, ...(shifts && { shifts }) };
}
