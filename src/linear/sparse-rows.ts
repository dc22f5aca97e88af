// Rows of few values, compressed (CSR). Data only.

export interface SparseRows {
  rows: number;
  features: number;
  /** The features behind these are numbers of a vector, which every row has. Default: none are. */
  ngrams?: number;
  /** Entries of row r are [start[r], start[r + 1]); shape (rows + 1). */
  start: Int32Array;
  /** Feature of each entry; no feature twice in a row. */
  ids: Int32Array;
  values: Float32Array;
}
