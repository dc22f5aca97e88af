// The topics of rows: clusters of their vectors, largest first, with words that name them.
import type { Watch } from "../base/progress.js";
import { type NeighbourGraph, neighbourGraph } from "../neighbours/index.js";
import { communities } from "./communities.js";
import { centresOf, kMeans, nearestCentres } from "./k-means.js";
import { topicWords } from "./topic-words.js";

export interface Topic {
  rows: number;
  words: string[];
}

export interface Topics {
  /** Largest first. */
  topics: Topic[];
  /** Topic of each row, from 0; −1 for none. */
  topicOf: Int32Array;
  /** Where one was made: what the map can be drawn from. Of the first `fitted` rows. */
  graph?: NeighbourGraph;
}

export interface TopicOptions {
  /** A number: k-means. auto: as many as the rows have, by communities of neighbours. */
  topics: number | "auto";
  seed: number;
}

export const neighbourCount = 15;
/** Topics are found in at most so many rows, spread over the table; the others join the nearest. */
const mostFitted = 50_000;
const wordsOfTopic = 8;

/**
 * @param vectors - (rows, dim) of unit length, one for each text.
 * @example
 * const { topics, topicOf } = await findTopics(texts, vectors, 200, { topics: 20, seed: 0 });
 */
export async function findTopics(
  texts: readonly string[],
  vectors: Float32Array,
  dim: number,
  { topics: wanted, seed }: TopicOptions,
  watch: Watch = {},
): Promise<Topics> {
  const step = Math.max(1, Math.ceil(texts.length / mostFitted));
  const fitted = step === 1 ? vectors : everyRow(vectors, dim, step);
  let graph: NeighbourGraph | undefined;
  let clusters: Int32Array;
  if (wanted === "auto") {
    graph = await neighbourGraph(fitted, dim, neighbourCount, watch);
    const smallest = Math.max(3, Math.round(fitted.length / dim / 1000));
    clusters = communities(graph, { smallest, seed });
  } else clusters = await kMeans(fitted, dim, wanted, seed, watch);
  const count = Math.max(0, ...clusters) + (clusters.some((one) => one >= 0) ? 1 : 0);
  if (step > 1) clusters = nearestCentres(vectors, dim, centresOf(fitted, dim, clusters, count));
  const sizes = new Int32Array(count);
  for (const cluster of clusters) if (cluster >= 0) sizes[cluster]++;
  const order = [...sizes.keys()].filter((cluster) => sizes[cluster] > 0).sort((a, b) => sizes[b] - sizes[a] || a - b);
  const place = new Map(order.map((cluster, topic) => [cluster, topic]));
  const topicOf = clusters.map((cluster) => place.get(cluster) ?? -1);
  const words = topicWords(texts, topicOf, order.length, wordsOfTopic);
  const topics = order.map((cluster, topic) => ({ rows: sizes[cluster], words: words[topic] }));
  return { topics, topicOf, graph: step === 1 ? graph : undefined };
}

function everyRow(vectors: Float32Array, dim: number, step: number): Float32Array {
  const rows = Math.ceil(vectors.length / dim / step);
  const chosen = new Float32Array(rows * dim);
  for (let row = 0; row < rows; row++)
    chosen.set(vectors.subarray(row * step * dim, (row * step + 1) * dim), row * dim);
  return chosen;
}
