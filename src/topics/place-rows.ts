// A place in the plane for every row, so that like rows lie together: UMAP (McInnes, Healy, Melville 2018).
import { UMAP } from "umap-js";
import { CancelledError } from "../base/errors.js";
import type { Watch } from "../base/progress.js";
import { createRandom } from "../base/random.js";
import type { NeighbourGraph } from "../neighbours/index.js";

/** @returns x and y of each row, side by side: (rows, 2) */
export async function placeRows(
  vectors: Float32Array,
  dim: number,
  { count, rows, similarities }: NeighbourGraph,
  seed: number,
  watch: Watch = {},
): Promise<Float64Array> {
  const total = vectors.length / dim;
  const places = new Float64Array(2 * total);
  if (total <= count + 1) {
    for (let row = 0; row < total; row++) {
      places[2 * row] = Math.cos((2 * Math.PI * row) / total);
      places[2 * row + 1] = Math.sin((2 * Math.PI * row) / total);
    }
    return places;
  }
  const umap = new UMAP({ nNeighbors: count, minDist: 0.1, random: createRandom(seed).float });
  const lists = <T>(make: (at: number, row: number) => T, own: (row: number) => T) =>
    Array.from({ length: total }, (_, row) => [
      own(row),
      ...Array.from({ length: count - 1 }, (_, i) => make(row * count + i, row)),
    ]);
  umap.setPrecomputedKNN(
    lists(
      (at, row) => (rows[at] < 0 ? row : rows[at]),
      (row) => row,
    ),
    lists(
      (at) => Math.max(0, 1 - similarities[at]),
      () => 0,
    ),
  );
  const data = Array.from({ length: total }, (_, row) => Array.from(vectors.subarray(row * dim, (row + 1) * dim)));
  const epochs = umap.initializeFit(data);
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    if (epoch % 10 > 0) continue;
    watch.onProgress?.({ stage: "drawing the map", done: epoch, total: epochs });
    await new Promise((resolve) => setImmediate(resolve));
    if (watch.signal?.aborted) throw new CancelledError("Stopped while the map was being drawn.");
  }
  for (const [row, [x, y]] of umap.getEmbedding().entries()) places.set([x, y], 2 * row);
  return places;
}
