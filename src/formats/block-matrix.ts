// Matrices of few bits: small integers in blocks along each row, a scale a block. The layout of codes is that of ONNX Runtime's
// MatMulNBits.

/** (rows, columns); a product with it is x Mᵀ. */
export interface BlockMatrix {
  bits: 4 | 8;
  /** Numbers of a block; the last one of a row is filled with zeros. */
  block: number;
  rows: number;
  columns: number;
  /** (rows, blocks, block · bits / 8): integers q without a sign; of 4 bits two a byte, the lower half first. */
  codes: Uint8Array;
  /** (rows, blocks). A number is scale · (q − 2^(bits − 1)) + shift. */
  scales: Float32Array;
  /** (rows, blocks); left out where all are 0. */
  shifts?: Float32Array;
}

export const isBlockMatrix = (value: object): value is BlockMatrix => "codes" in value;
export const blocksOf = ({ columns, block }: Pick<BlockMatrix, "columns" | "block">) => Math.ceil(columns / block);
export const zeroOf = (bits: BlockMatrix["bits"]) => 1 << (bits - 1);

/** Writes the numbers of a row to into[at …]. */
export function readRow(matrix: BlockMatrix, row: number, into: Float32Array, at = 0): void {
  const { bits, block, columns, codes, scales, shifts } = matrix;
  const blocks = blocksOf(matrix);
  const zero = zeroOf(bits);
  for (let b = 0; b < blocks; b++) {
    const place = row * blocks + b;
    const scale = scales[place];
    const shift = shifts ? shifts[place] : 0;
    const from = b * block;
    const count = Math.min(block, columns - from);
    const first = (place * block * bits) >> 3;
    const to = at + from;
    if (bits === 8) for (let i = 0; i < count; i++) into[to + i] = scale * (codes[first + i] - zero) + shift;
    else
      for (let i = 0; i < count; i++) {
        const pair = codes[first + (i >> 1)];
        into[to + i] = scale * ((i & 1 ? pair >> 4 : pair & 15) - zero) + shift;
      }
  }
}

/** Whether `joinRows` takes them. */
export function areAlike(matrices: readonly BlockMatrix[]): boolean {
  const [{ bits, block, columns }] = matrices;
  return matrices.every((one) => one.bits === bits && one.block === block && one.columns === columns);
}

/** One below the other. */
export function joinRows(matrices: readonly BlockMatrix[]): BlockMatrix {
  if (matrices.length === 1) return matrices[0];
  const [{ bits, block, columns }] = matrices;
  const rows = matrices.reduce((sum, one) => sum + one.rows, 0);
  const count = rows * blocksOf(matrices[0]);
  const hasShifts = matrices.some(({ shifts }) => shifts);
  const joined = {
    ...{ bits, block, columns, rows },
    codes: new Uint8Array((count * block * bits) / 8),
    scales: new Float32Array(count),
    ...(hasShifts && { shifts: new Float32Array(count) }),
  };
  let at = 0;
  for (const { codes, scales, shifts } of matrices) {
    joined.codes.set(codes, (at * block * bits) / 8);
    joined.scales.set(scales, at);
    if (shifts) joined.shifts?.set(shifts, at);
    at += scales.length;
  }
  return joined;
}

/** Numbers of a block where they are chosen here. */
const ownBlock = 32;

/**
 * Rounds a matrix (rows, columns) to a few bits: the largest number of a block becomes the largest integer, of 4 bits −8, as
 * in ggml's Q4_0.
 *
 * @example
 * const matrix = toBlocks(Float32Array.of(0.5, -1, 0.25, 1), 2, 2, 8);
 */
export function toBlocks(numbers: Float32Array, rows: number, columns: number, bits: BlockMatrix["bits"]): BlockMatrix {
  const block = ownBlock;
  const blocks = Math.ceil(columns / block);
  const zero = zeroOf(bits);
  const codes = new Uint8Array((rows * blocks * block * bits) / 8);
  codes.fill(bits === 8 ? zero : zero | (zero << 4));
  const scales = new Float32Array(rows * blocks);
  for (let place = 0; place < scales.length; place++) {
    const column = (place % blocks) * block;
    const from = Math.floor(place / blocks) * columns + column;
    const count = Math.min(block, columns - column);
    let largest = 0;
    for (let i = 0; i < count; i++) if (Math.abs(numbers[from + i]) > Math.abs(largest)) largest = numbers[from + i];
    const scale = Math.fround(bits === 8 ? Math.abs(largest) / 127 : -largest / 8);
    scales[place] = scale;
    if (scale === 0) continue;
    const first = (place * block * bits) / 8;
    for (let i = 0; i < count; i++) {
      const q = Math.min(2 * zero - 1, Math.max(0, Math.round(numbers[from + i] / scale) + zero));
      if (bits === 8) codes[first + i] = q;
      else {
        const at = first + (i >> 1);
        codes[at] = i & 1 ? (codes[at] & 15) | (q << 4) : (codes[at] & 0xf0) | q;
      }
    }
  }
  return { bits, block, rows, columns, codes, scales };
}

/**
 * As one integer of 8 bits a number and one scale a row, turned: number (row, column) is data[column · rows + row] · scales[row].
 * The shape is (columns, rows).
 */
export function toColumns(matrix: BlockMatrix): {
  shape: readonly [number, number];
  data: Int8Array;
  scales: Float32Array;
} {
  const { rows, columns } = matrix;
  const data = new Int8Array(rows * columns);
  const scales = new Float32Array(rows);
  // Several rows side by side, so that what is written comes in whole cache lines.
  const tile = Math.min(rows, 64);
  const numbers = new Float32Array(tile * columns);
  for (let top = 0; top < rows; top += tile) {
    const count = Math.min(tile, rows - top);
    for (let i = 0; i < count; i++) {
      readRow(matrix, top + i, numbers, i * columns);
      let largest = 0;
      for (let at = i * columns; at < (i + 1) * columns; at++) largest = Math.max(largest, Math.abs(numbers[at]));
      scales[top + i] = largest / 127;
      const factor = largest === 0 ? 0 : 127 / largest;
      for (let at = i * columns; at < (i + 1) * columns; at++) numbers[at] = Math.round(numbers[at] * factor);
    }
    for (let column = 0; column < columns; column++)
      for (let i = 0; i < count; i++) data[column * rows + top + i] = numbers[i * columns + column];
  }
  return { shape: [columns, rows], data, scales };
}
