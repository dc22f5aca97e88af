// The leading singular vectors and values of a large sparse matrix, by random projection and power iterations.
// Source: N. Halko, P. G. Martinsson, J. A. Tropp 2011, arXiv:0909.4061, algorithms 4.4 and 5.1.
//
// Where the matrix's rank, or its size, is below what is asked for, the surplus dimensions fall out.

import type { Matrix } from "ml-matrix";
import type { Watch } from "../../base/progress.js";
import { createRandom, mixSeed } from "../../base/random.js";
import type { SharedMemory } from "../../kernels/index.js";
import { createArena } from "../../kernels/index.js";
import { tileColumns } from "../kernels/multiply-rows.js";
import type { SparseMatrix } from "../sparse-matrix.js";
import { createPool, type Pool } from "../workers/pool.js";
import { multiplyScratch } from "./multiply-block.js";
import { allocateTiled, floatsOf, type TiledMatrix } from "./tiles.js";
import { transformScratch } from "./transform-rows.js";

export interface SvdOptions {
  /** Number of singular vectors. */
  dim: number;
  /** Least number of additional random directions; the total is rounded up to a multiple of 32. Default 16. */
  oversampling?: number;
  /** Power iterations; more of them separate close singular values better. Default 2. */
  powerIterations?: number;
  /** Seed of the random directions. */
  seed: number;
  /** Threads to use; the result is the same with any number. */
  threads: number;
}

export interface Svd {
  /** Row-major (rows, singularValues.length): left singular vectors, unit length. */
  left: Float32Array;
  /** The largest first; `dim` of them, or as many as the matrix has. */
  singularValues: Float64Array;
}

/** Rows that a job takes; fixed, so that sums are the same on any number of threads. */
const rowsAJob = 4096;

/**
 * The matrix needs a second series of values: those of its transpose, whose entries must be among the matrix's (as in a
 * matrix of pairs).
 *
 * @example
 * const { left, singularValues } = await truncatedSvd(matrix, { dim: 300, seed: 0, threads: 2 });
 */
export async function truncatedSvd(matrix: SparseMatrix, options: SvdOptions, watch: Watch = {}): Promise<Svd> {
  const { dim, oversampling = 16, powerIterations = 2, seed, threads } = options;
  const rows = matrix.rows;
  const columns = Math.ceil((dim + oversampling) / tileColumns) * tileColumns;
  const arena = createArena();
  let from = allocateTiled(arena, rows, columns);
  let to = allocateTiled(arena, rows, columns);
  const small = allocateTiled(arena, columns, columns);
  const scratchBytes = Math.max(transformScratch(columns), ...matrix.blocks.map(multiplyScratch));
  const pool = createPool(threads, { arena, scratchBytes });
  const { memory } = arena;
  const steps = 2 * powerIterations + 2;
  let step = 0;

  /** to = M · from, or Mᵀ · from; then the two change places. */
  async function multiply(series: number): Promise<void> {
    const inputs = matrix.blocks.map((block) => ({ block, series, x: from, y: to }));
    const base = step++;
    const onProgress =
      watch.onProgress &&
      (({ done, total }: { done: number; total: number }) =>
        watch.onProgress!({ stage: "factorising", done: base * total + done, total: steps * total }));
    await pool.run("multiply", inputs, { ...watch, onProgress, stage: "factorising" });
    [from, to] = [to, from];
  }
  try {
    drawSigns(floatsOf(memory, from), mixSeed(seed, 23));
    await multiply(0);
    await orthonormalize(pool, memory, from, small);
    for (let i = 0; i < powerIterations; i++) {
      await multiply(1);
      await orthonormalize(pool, memory, from, small);
      await multiply(0);
      await orthonormalize(pool, memory, from, small);
    }
    // Once more: its columns are orthogonal only as far as 32-bit floats and the spread of singular values let them.
    await orthonormalize(pool, memory, from, small);
    // M ≈ Q (QᵀM), and QᵀM = W S Vᵀ where (MᵀQ)ᵀ(MᵀQ) = W S² Wᵀ: the left vectors are Q W.
    const q = from;
    await multiply(1);
    const { values, vectors } = await eigen(await gramOf(pool, from));
    const rank = values.findIndex((value) => value <= values[0] * 1e-10);
    const found = Math.min(dim, rank < 0 ? values.length : rank);
    writeSmall(memory, small, (i, j) => (j < found ? vectors.get(i, j) : 0));
    await transform(pool, q, small);
    const left = toRows(floatsOf(memory, q), rows, found);
    return { left, singularValues: Float64Array.from(values.slice(0, found), Math.sqrt) };
  } finally {
    await pool.close();
  }
}

/** Y = Y V Λ^-½ with YᵀY = V Λ Vᵀ; columns beyond Y's rank become 0. */
async function orthonormalize(pool: Pool, memory: SharedMemory, y: TiledMatrix, small: TiledMatrix): Promise<void> {
  const { values, vectors } = await eigen(await gramOf(pool, y));
  const scales = values.map((value) => (value > values[0] * 1e-11 && value > 0 ? 1 / Math.sqrt(value) : 0));
  writeSmall(memory, small, (i, j) => vectors.get(i, j) * scales[j]);
  await transform(pool, y, small);
}

/** Loaded when it is needed: whoever only reads vectors does not wait for it. */
const matrices = () => import("ml-matrix");

/** Eigenvalues of a symmetric matrix, the largest first, and their vectors as columns. */
async function eigen(symmetric: Matrix): Promise<{ values: number[]; vectors: Matrix }> {
  const { EigenvalueDecomposition } = await matrices();
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  const all = order.map((_, i) => i);
  return { values: order.map((i) => realEigenvalues[i]), vectors: eigenvectorMatrix.selection(all, order) };
}

async function gramOf(pool: Pool, y: TiledMatrix): Promise<Matrix> {
  const parts = await pool.run(
    "gram",
    rangesOf(y.rows).map((range) => ({ y, ...range })),
  );
  const n = y.columns;
  const { Matrix } = await matrices();
  const sum = new Matrix(n, n);
  for (const part of parts)
    for (let i = 0; i < n; i++) for (let j = i; j < n; j++) sum.set(i, j, sum.get(i, j) + part[i * n + j]);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) sum.set(i, j, sum.get(j, i));
  return sum;
}

async function transform(pool: Pool, y: TiledMatrix, by: TiledMatrix): Promise<void> {
  await pool.run(
    "transform",
    rangesOf(y.rows).map((range) => ({ y, by, ...range })),
  );
}

function rangesOf(rows: number): { from: number; to: number }[] {
  return Array.from({ length: Math.ceil(rows / rowsAJob) }, (_, i) => ({
    from: i * rowsAJob,
    to: Math.min(rows, (i + 1) * rowsAJob),
  }));
}

/** +1 or -1 everywhere, with even chances. */
function drawSigns(values: Float32Array, seed: number): void {
  const random = createRandom(seed);
  for (let i = 0; i < values.length; i += 32) {
    const bits = random.uint32();
    for (let b = 0; b < 32; b++) values[i + b] = (bits >>> b) & 1 ? 1 : -1;
  }
}

function writeSmall(memory: SharedMemory, small: TiledMatrix, value: (i: number, j: number) => number): void {
  const floats = floatsOf(memory, small);
  const n = small.rows;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      floats[tileColumns * (Math.floor(j / tileColumns) * n + i) + (j % tileColumns)] = value(i, j);
}

/** The first columns of a tiled matrix, row-major. */
function toRows(tiled: Float32Array, rows: number, columns: number): Float32Array {
  const values = new Float32Array(rows * columns);
  for (let column = 0; column < columns; column++) {
    const start = tileColumns * rows * Math.floor(column / tileColumns) + (column % tileColumns);
    for (let row = 0; row < rows; row++) values[row * columns + column] = tiled[start + tileColumns * row];
  }
  return values;
}
