// Positive pointwise mutual information of some rows of the counts. Runs in a worker thread.
import { readBlock, type SparseBlock, writeBlock } from "../sparse-matrix.js";

export interface PpmiInput {
  block: SparseBlock;
  /** log of each word's sum of counts. */
  logRows: Float64Array;
  /** log of each context's smoothed share. */
  logContexts: Float64Array;
  /** log of the shift k. */
  logShift: number;
  out: string;
}

/** Two series of values: PPMI(row, column), and PPMI(column, row) for products with the transpose. */
export function ppmiBlock({ block, logRows, logContexts, logShift, out }: PpmiInput): SparseBlock {
  const counts = readBlock(block);
  const starts = new Uint32Array(block.rows + 1);
  const columns = new Int32Array(block.entries);
  const own = new Float64Array(block.entries);
  const transposed = new Float64Array(block.entries);
  let kept = 0;
  for (let r = 0; r < block.rows; r++) {
    const row = block.firstRow + r;
    for (let e = counts.starts[r]; e < counts.starts[r + 1]; e++) {
      const column = counts.columns[e];
      const log = Math.log(counts.values[0][e]) - logShift;
      const there = log - logRows[row] - logContexts[column];
      const back = log - logRows[column] - logContexts[row];
      if (there <= 0 && back <= 0) continue;
      columns[kept] = column;
      own[kept] = Math.max(0, there);
      transposed[kept++] = Math.max(0, back);
    }
    starts[r + 1] = kept;
  }
  const values = [own.subarray(0, kept), transposed.subarray(0, kept)];
  return writeBlock(out, block.firstRow, { starts, columns: columns.subarray(0, kept), values });
}
