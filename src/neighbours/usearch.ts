// The only place that knows usearch: approximate nearest neighbours by HNSW, as a prebuilt native library.
// Source of the method: Malkov and Yashunin 2016, arXiv:1603.09320.
import usearch from "usearch";

const { Index, MetricKind, ScalarKind } = usearch;
export type NativeIndex = InstanceType<typeof Index>;

/** Rows of a file at most. Searching 16 files takes a few milliseconds. */
export const shardRows = 65536;

/** Neighbours that a row has at most, on the base level and on those above it. */
export const connectivity = 16;
export const baseConnectivity = 2 * connectivity;

/** As files have them: cosine, 16-bit floats, 64-bit keys, 32-bit slots. */
export const kinds = { metric: 0x63, scalar: 12, scalarBytes: 2, key: 14, slot: 15 } as const;
export const formatMajor = 2;

/** Cosine; 16-bit floats: half the file and half the time, and neighbours change places only in ties. */
export function createNativeIndex(dim: number): NativeIndex {
  return new Index({
    dimensions: dim,
    metric: MetricKind.Cos,
    quantization: ScalarKind.F16,
    connectivity,
    expansion_add: 128,
    expansion_search: 96,
    multi: false,
  });
}

/** One thread: the same rows give the same index, bit for bit. */
export function addRows(index: NativeIndex, first: number, vectors: Float32Array, dim: number): void {
  const keys = BigUint64Array.from({ length: vectors.length / dim }, (_, i) => BigInt(first + i));
  index.add(keys, vectors, 1);
}

export interface Neighbour {
  row: number;
  /** Cosine, from −1 to 1. */
  similarity: number;
}

/** Nearest first. */
export function nearestRows(index: NativeIndex, vector: Float32Array, count: number): Neighbour[] {
  const { keys, distances } = index.search(vector, count, 1);
  return Array.from(keys, (key, i) => ({ row: Number(key), similarity: 1 - distances[i] })).filter(
    ({ row }) => Number.isSafeInteger(row) && row < 2 ** 40,
  );
}
