// As many topics as the rows have: communities of the graph in which every row points to its nearest rows.
// Source of the method: Blondel et al. 2008, arXiv:0803.0476 (Louvain), by graphology.
import { UndirectedGraph } from "graphology";
import * as graphologyLouvain from "graphology-communities-louvain";
import { createRandom } from "../base/random.js";
import type { NeighbourGraph } from "../neighbours/index.js";

/** A CommonJS module: its types name the function `default`, which Node has one level deeper. */
const louvain = graphologyLouvain.default as unknown as typeof graphologyLouvain.default.default;

/**
 * @param smallest - communities of fewer rows are no topic.
 * @returns the community of each row, from 0, or −1
 */
export function communities(
  { count, rows, similarities }: NeighbourGraph,
  { smallest, seed }: { smallest: number; seed: number },
): Int32Array {
  const total = rows.length / count;
  const graph = new UndirectedGraph();
  for (let row = 0; row < total; row++) graph.addNode(row);
  for (let at = 0; at < rows.length; at++) {
    const [row, other] = [Math.floor(at / count), rows[at]];
    if (other < 0 || similarities[at] <= 0 || graph.hasEdge(row, other)) continue;
    graph.addEdge(row, other, { weight: similarities[at] });
  }
  const random = createRandom(seed);
  const found = louvain(graph, { rng: random.float });
  const sizes = new Map<number, number>();
  for (let row = 0; row < total; row++) sizes.set(found[row], (sizes.get(found[row]) ?? 0) + 1);
  const kept = [...sizes].filter(([, size]) => size >= smallest).map(([community]) => community);
  const numbers = new Map(kept.map((community, number) => [community, number]));
  return Int32Array.from({ length: total }, (_, row) => numbers.get(found[row]) ?? -1);
}
