// Nearest neighbours of vectors, approximately (HNSW): as files for searching, and in memory as a graph.
export {
  checkHnswFiles,
  createHnswWriter,
  type HnswFiles,
  type HnswWriter,
  openHnswFiles,
} from "./hnsw-files.js";
export { type NeighbourGraph, neighbourGraph } from "./neighbour-graph.js";
export type { Neighbour } from "./usearch.js";
