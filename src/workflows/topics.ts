// What the rows of a table are about: topics, their words, a topic and a place for every row, and a map.
import { availableParallelism } from "node:os";
import { writeFileWhole } from "../base/atomic.js";
import { CancelledError, UserError } from "../base/errors.js";
import { neighbourGraph } from "../neighbours/index.js";
import { openRowEncoder } from "../rows/index.js";
import { openTable, readTexts, scoreTable, type Table } from "../tables/index.js";
import { findTopics, neighbourCount, placeRows, renderMap, type Topic, type Topics } from "../topics/index.js";
import { checkParent, writeFault } from "./model-out.js";
import { type TopicsOptions, topicsOptionsSchema } from "./topics-options.js";
import type { WorkflowWatch } from "./watch.js";

export interface TopicsResult {
  rows: number;
  /** Rows without text or without a known word: they have no topic and no place. */
  withoutVector: number;
  /** Rows with a vector that belong to no topic. */
  withoutTopic: number;
  /** Largest first; an example is the text of one of the rows. */
  topics: (Topic & { example: string })[];
  encoder: string;
  out?: string;
  map?: string;
  columns: string[];
  /** Seconds until the topics were found, and for the map. */
  seconds: { topics: number; map: number };
}

/** The map shows at most so many rows, spread over the table. */
const mostPlaced = 20_000;

/**
 * With `out` or `map` rows also get a place in the plane: of more than 20,000 rows a sample, the others have none.
 *
 * @throws UserError for a wrong table, target or encoder; CancelledError after an abort, with nothing written
 * @example
 * const { topics } = await findTableTopics("tickets.csv", { text: ["body"], topics: "20", out: "topics.csv" });
 */
export async function findTableTopics(
  path: string,
  options: TopicsOptions,
  watch: WorkflowWatch = {},
): Promise<TopicsResult> {
  const settings = topicsOptionsSchema.parse(options);
  const { text, seed, out } = settings;
  const map = settings.map ?? out?.replace(/(\.\w+)?(\.gz)?$/, ".html");
  if (map !== undefined) checkParent(map);
  const started = performance.now();
  const table = await openTable({ path, table: settings.table, query: settings.query });
  try {
    watch.onProgress?.({ stage: "reading", done: 0, total: 1 });
    const all = await readTexts(table, text);
    const colours = [];
    for (const name of settings.color ?? []) colours.push({ name, values: await readTexts(table, [name]) });
    const { rows, texts, vectors, dim, encoder } = await encodeAll(all, settings, watch);
    const topics = settings.topics === "auto" ? "auto" : Number(settings.topics);
    if (topics !== "auto" && topics > rows.length)
      throw new UserError(`${topics} topics are more than the ${rows.length} rows with a text. Ask for fewer.`);
    const found = await findTopics(texts, vectors, dim, { topics, seed }, watch);
    const seconds = { topics: (performance.now() - started) / 1000, map: 0 };
    let columns: string[] = [];
    if (map !== undefined) {
      const from = performance.now();
      const { places, step } = await placeAll(vectors, dim, found, seed, watch);
      if (step > 1) watch.onMessage?.(`The map shows every ${step}th row.`);
      const chosen = [...rows.keys()].filter((at) => at % step === 0);
      const topicNames = chosen.map((at) => nameOf(found.topics[found.topicOf[at]]));
      const page = renderMap({
        title: `Topics of ${table.description}`,
        texts: chosen.map((at) => texts[at]),
        places,
        columns: [
          { name: "topic", values: topicNames },
          ...colours.map(({ name, values }) => ({ name, values: chosen.map((at) => values[rows[at]]) })),
        ],
      });
      seconds.map = (performance.now() - from) / 1000;
      if (out !== undefined) columns = await writeTopics(table, text, out, all, rows, found, { places, step }, watch);
      try {
        writeFileWhole(map, page);
      } catch (error) {
        throw writeFault(error, map);
      }
    }
    const described = found.topics.map((topic, number) => ({
      ...topic,
      example: texts[found.topicOf.indexOf(number)],
    }));
    const withoutTopic = found.topicOf.reduce((sum, topic) => sum + (topic < 0 ? 1 : 0), 0);
    const withoutVector = all.length - rows.length;
    return { rows: all.length, withoutVector, withoutTopic, topics: described, encoder, out, map, columns, seconds };
  } finally {
    table.close();
  }
}

/** Vectors of the rows that have one, and which rows these are. */
async function encodeAll(
  all: readonly (string | null)[],
  settings: { with?: string; seed: number; threads?: number },
  watch: WorkflowWatch,
) {
  const threads = settings.threads ?? availableParallelism();
  const given = all.filter((text) => text !== null);
  const encoder = await openRowEncoder(
    given,
    { with: settings.with, seed: settings.seed, threads, removeCommon: false },
    watch,
  );
  try {
    const { dim, description } = encoder;
    watch.onProgress?.({ stage: "encoding", done: 0, total: 1 });
    const encoded = await encoder.encode(all.map((text) => text ?? ""));
    const rows = [...all.keys()].filter((row) => all[row] !== null && encoded.known[row] === 1);
    if (rows.length === 0) throw new UserError(`No row has a word that is known to ${description}.`);
    const vectors = new Float32Array(rows.length * dim);
    for (const [at, row] of rows.entries()) vectors.set(encoded.vectors.subarray(row * dim, (row + 1) * dim), at * dim);
    return { rows, texts: rows.map((row) => all[row] as string), vectors, dim, encoder: description };
  } finally {
    await encoder.close();
  }
}

async function placeAll(vectors: Float32Array, dim: number, { graph }: Topics, seed: number, watch: WorkflowWatch) {
  const rows = vectors.length / dim;
  const step = Math.ceil(rows / mostPlaced);
  if (step === 1 && graph) return { places: await placeRows(vectors, dim, graph, seed, watch), step };
  const some = new Float32Array(Math.ceil(rows / step) * dim);
  for (let at = 0; at * dim < some.length; at++)
    some.set(vectors.subarray(at * step * dim, (at * step + 1) * dim), at * dim);
  const own = await neighbourGraph(some, dim, neighbourCount, watch);
  return { places: await placeRows(some, dim, own, seed, watch), step };
}

const nameOf = (topic: Topic | undefined) => (topic ? topic.words.slice(0, 4).join(", ") : null);

async function writeTopics(
  table: Table,
  text: readonly string[],
  out: string,
  all: readonly (string | null)[],
  rows: readonly number[],
  { topics, topicOf }: Topics,
  { places, step }: { places: Float64Array; step: number },
  watch: WorkflowWatch,
): Promise<string[]> {
  const at = new Map(rows.map((row, i) => [row, i]));
  let done = 0;
  const newColumns = [
    { name: "topic", type: "INTEGER" },
    { name: "topic_words", type: "VARCHAR" },
    { name: "x", type: "DOUBLE" },
    { name: "y", type: "DOUBLE" },
  ] as const;
  const { names } = await scoreTable(
    table,
    { text, outPath: out, suffix: "found", signal: watch.signal, newColumns },
    async (part) => {
      if (part.some((one, i) => one !== all[done + i]))
        throw new UserError("The query gives other rows every time. Write its rows to a file first and read that.");
      const places_ = part.map((_, i) => at.get(done + i));
      done += part.length;
      const topic = places_.map((i) => (i === undefined || topicOf[i] < 0 ? null : topicOf[i]));
      const place = (axis: number) =>
        places_.map((i) => (i === undefined || i % step > 0 ? null : places[2 * (i / step) + axis]));
      return [
        topic.map((one) => (one === null ? null : one + 1)),
        topic.map((one) => (one === null ? null : nameOf(topics[one]))),
        place(0),
        place(1),
      ];
    },
    (rowsDone, total) => watch.onProgress?.({ stage: "writing", done: rowsDone, total }),
  ).catch((error: unknown) => {
    if (error instanceof CancelledError) throw error;
    throw writeFault(error, out);
  });
  return names;
}
