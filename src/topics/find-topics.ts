// The topics of rows: clusters of their vectors, largest first, with words that name them and rows that show them.
import type { Watch } from "../base/progress.js";
import { type NeighbourGraph, neighbourGraph } from "../neighbours/index.js";
import { communities } from "./communities.js";
import { joinCommunities } from "./join-communities.js";
import { centresOf, kMeans, nearestCentres } from "./k-means.js";
import { mergeCentres } from "./merge-centres.js";
import { everyToken, type TopicTokens, topicTokens } from "./topic-tokens.js";
import { topicWords } from "./topic-words.js";
import { typicalRows } from "./typical-rows.js";

export interface Topic {
  rows: number;
  words: string[];
  /** Rows nearest to the topic's centre, of different texts: at most two. */
  examples: number[];
}

export interface Topics {
  /** Largest first. */
  topics: Topic[];
  /** Topic of each row, from 0; −1 for none. */
  topicOf: Int32Array;
  /** Where one was made of all rows: what the map can be drawn from. */
  graph?: NeighbourGraph;
}

export interface TopicOptions {
  /** auto: as many as the rows have. */
  topics: number | "auto";
  seed: number;
}

export const neighbourCount = 15;
/** Topics are found in at most so many rows, spread over the table; the others join the nearest. */
const mostFitted = 50_000;
/** Where their number is given, k-means begins with the topics of so many rows. */
const mostStarted = 3_000;
const wordsOfTopic = 8;
const examplesOfTopic = 2;

/**
 * The topics that rows have of themselves are communities of the graph of their nearest neighbours, as far as the rows'
 * words bear them out. A number that is given is reached by k-means from there.
 *
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
  const tokens = topicTokens(texts);
  const step = Math.ceil(texts.length / (wanted === "auto" ? mostFitted : mostStarted));
  const natural = await naturalTopics(everyRow(vectors, dim, step), dim, everyToken(tokens, step), seed, watch);
  let { clusters } = natural;
  if (wanted !== "auto") {
    const starts = startsOf(everyRow(vectors, dim, step), dim, natural, wanted);
    clusters = await kMeans(vectors, dim, wanted, seed, watch, starts);
  } else if (step > 1) clusters = nearestCentres(vectors, dim, natural.centres);
  const { order, sizes } = largestFirst(clusters);
  const place = new Map(order.map((cluster, topic) => [cluster, topic]));
  const topicOf = clusters.map((cluster) => place.get(cluster) ?? -1);
  const words = await topicWords(texts, tokens, topicOf, order.length, wordsOfTopic);
  const examples = typicalRows(texts, vectors, dim, topicOf, order.length, examplesOfTopic);
  const topics = order.map((cluster, topic) => ({
    rows: sizes[cluster],
    words: words[topic],
    examples: examples[topic],
  }));
  return { topics, topicOf, graph: step === 1 ? natural.graph : undefined };
}

interface Natural {
  graph: NeighbourGraph;
  clusters: Int32Array;
  /** (clusters, dim) */
  centres: Float64Array;
  sizes: Int32Array;
}

async function naturalTopics(
  vectors: Float32Array,
  dim: number,
  tokens: TopicTokens,
  seed: number,
  watch: Watch,
): Promise<Natural> {
  const graph = await neighbourGraph(vectors, dim, neighbourCount, watch);
  const smallest = Math.max(3, Math.round(vectors.length / dim / 1000));
  const clusters = joinCommunities(tokens, communities(graph, { smallest, seed }), graph);
  const { sizes } = largestFirst(clusters);
  return { graph, clusters, centres: centresOf(vectors, dim, clusters, sizes.length), sizes };
}

/**
 * Where k-means begins: at centres of natural topics, joined where there are more; at one row of each where there are somewhat
 * fewer, as it goes further from rows. Where many more are wanted than there are natural ones, all are drawn: these are better
 * then (77 of 26 intents of bank customers).
 */
function startsOf(vectors: Float32Array, dim: number, natural: Natural, wanted: number): Float64Array | undefined {
  const { clusters, centres, sizes } = natural;
  if (wanted <= sizes.length) return mergeCentres(centres, sizes, dim, wanted);
  if (wanted > 2 * sizes.length) return undefined;
  const starts = new Float64Array(sizes.length * dim);
  const ownTexts = clusters.map((_, row) => row);
  for (const [topic, [row]] of typicalRows(ownTexts, vectors, dim, clusters, sizes.length, 1).entries())
    starts.set(vectors.subarray(row * dim, (row + 1) * dim), topic * dim);
  return starts;
}

/** Clusters that have rows, and the size of each. */
function largestFirst(clusters: Int32Array): { order: number[]; sizes: Int32Array } {
  const sizes = new Int32Array(clusters.reduce((most, cluster) => Math.max(most, cluster), -1) + 1);
  for (const cluster of clusters) if (cluster >= 0) sizes[cluster]++;
  const order = [...sizes.keys()].filter((cluster) => sizes[cluster] > 0).sort((a, b) => sizes[b] - sizes[a] || a - b);
  return { order, sizes };
}

function everyRow(vectors: Float32Array, dim: number, step: number): Float32Array {
  if (step === 1) return vectors;
  const rows = Math.ceil(vectors.length / dim / step);
  const chosen = new Float32Array(rows * dim);
  for (let row = 0; row < rows; row++)
    chosen.set(vectors.subarray(row * step * dim, (row * step + 1) * dim), row * dim);
  return chosen;
}
