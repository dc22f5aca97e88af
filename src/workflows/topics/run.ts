// What the rows of a table are about: topics, their words, a topic and a place for every row, and a map.
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { writeFileWhole } from "../../base/atomic.js";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { checkParent, writeFault } from "../../base/outputs.js";
import { filePlaceOf } from "../../base/place.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { neighbourGraph } from "../../neighbours/index.js";
import { openRowEncoder, type RowEncoderOptions, vectorsPath } from "../../row-vectors/index.js";
import { checkOutputs, readTexts, type Table } from "../../tables/index.js";
import { compileIgnore } from "../../text/index.js";
import {
  findTopics,
  mapMark,
  neighbourCount,
  placeRows,
  renderMap,
  type Topic,
  type TopicShares,
  type Topics,
  topicShares,
} from "../../topics/index.js";
import { addColumns, forKnownRows, withTable } from "../add-columns.js";
import { type TopicsOptions, topicsOptionsSchema } from "./options.js";

export interface TopicsResult {
  rows: number;
  /** Rows without text or without a known word: they have no topic and no position. */
  withoutVector: number;
  /** Rows with a vector that belong to no topic. */
  withoutTopic: number;
  /** Largest first; examples are texts of rows. */
  topics: (Omit<Topic, "examples"> & { examples: string[] })[];
  /** With `by`: shares of the topics, in their order, in each group of rows, the largest first. */
  by?: { column: string; groups: TopicShares[] };
  encoder: string;
  out?: string;
  map?: string;
  columns: string[];
  /** Seconds until the topics were found, and for the map. */
  seconds: { topics: number; map: number };
}

/** The map shows at most so many rows, spread over the table. */
const mostPlaced = 20_000;
const mostGroups = 100;

/**
 * With `out` or `map` rows also get a position on the map; of more than 20,000 rows, only a sample does. With `by`
 * they also get topic_share, the share of their topic in the rows of their group.
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
  const { text, seed, out, by, safeCsv } = settings;
  const ignore = settings.ignore === undefined ? undefined : compileIgnore(settings.ignore, option("ignore"));
  const map = settings.map ?? out?.replace(/(\.\w+)?(\.gz)?$/, ".html");
  await checkOutputs({ inputs: [path, vectorsPath(settings.with)], outputs: [out, map] });
  if (map !== undefined) checkMap(map);
  const started = performance.now();
  return withTable({ path, table: settings.table, query: settings.query }, watch, async (table) => {
    watch.onProgress?.({ stage: "reading", done: 0, total: 1 });
    const all = await readTexts(table, text);
    const colours = [];
    for (const name of new Set([...(by === undefined ? [] : [by]), ...(settings.color ?? [])]))
      colours.push({ name, values: await readTexts(table, [name]) });
    const groups = by === undefined ? undefined : colours[0].values;
    if (groups) checkGroups(groups, by!);
    const { rows, texts, vectors, dim, encoder } = await encodeAll(
      ignore ? all.map((one) => (one === null ? null : ignore(one))) : all,
      settings,
      watch,
    );
    const topics = settings.topics === "auto" ? "auto" : Number(settings.topics);
    if (topics !== "auto" && topics > rows.length)
      throw new UserError(`${topics} topics are more than the ${rows.length} rows with a text. Use fewer.`);
    const found = await findTopics(texts, vectors, dim, { topics, seed }, watch);
    const seconds = { topics: (performance.now() - started) / 1000, map: 0 };
    const topicOfRow = new Int32Array(all.length).fill(-1);
    for (const [at, row] of rows.entries()) topicOfRow[row] = found.topicOf[at];
    const shares = groups && topicShares(groups, topicOfRow, found.topics.length);
    const described = found.topics.map((topic) => ({
      ...topic,
      examples: topic.examples.map((at) => all[rows[at]] as string),
    }));
    let columns: string[] = [];
    if (map !== undefined) {
      const from = performance.now();
      const { places, step } = await placeAll(vectors, dim, found, seed, watch);
      if (step > 1) watch.onMessage?.(`The map shows only one row in ${step}.`);
      const chosen = [...rows.keys()].filter((at) => at % step === 0);
      // Numbered: two topics may have the same words.
      const numbered = (topic: number) => (topic < 0 ? null : `${topic + 1} ${nameOf(found.topics[topic])}`);
      const details = described.map(({ words, examples }, topic) => ({
        short: words.slice(0, 2).join(", "),
        examples,
        shares: shares?.map((group) => [group.value ?? "(empty)", group.shares[topic]] as const),
      }));
      const page = renderMap({
        title: `Topics of ${table.description}`,
        texts: chosen.map((at) => all[rows[at]] as string),
        places,
        by,
        columns: [
          {
            name: "topic",
            values: chosen.map((at) => numbered(found.topicOf[at])),
            details: new Map(details.map((detail, topic) => [numbered(topic)!, detail])),
          },
          ...colours.map(({ name, values }) => ({ name, values: chosen.map((at) => values[rows[at]]) })),
        ],
      });
      seconds.map = (performance.now() - from) / 1000;
      if (out !== undefined)
        columns = await writeTopics(
          table,
          text,
          { out, safeCsv },
          { all, rows, found, places, step, groups, shares },
          watch,
        );
      try {
        writeFileWhole(filePlaceOf(map), page);
      } catch (error) {
        throw writeFault(error, map);
      }
    }
    const withoutTopic = found.topicOf.reduce((sum, topic) => sum + (topic < 0 ? 1 : 0), 0);
    const withoutVector = all.length - rows.length;
    return {
      rows: all.length,
      withoutVector,
      withoutTopic,
      topics: described,
      by: shares && { column: by!, groups: shares },
      encoder,
      out,
      map,
      columns,
      seconds,
    };
  });
}

/** @throws UserError when the map's file is no page, or would replace a file that is no map */
function checkMap(path: string): void {
  if (!/\.html?$/i.test(path)) throw new UserError(`The map is a web page, so '${path}' must end in .html.`);
  checkParent(path);
  filePlaceOf(path);
  if (!existsSync(path) || readFileSync(path, "utf8").slice(0, 1000).includes(mapMark)) return;
  throw new UserError(
    `'${path}' exists and is not a map of topics, so it is not replaced. Choose another file with ${option("map")}.`,
  );
}

function checkGroups(groups: readonly (string | null)[], column: string): void {
  const values = new Set(groups);
  if (values.size > mostGroups)
    throw new UserError(
      `${option("by")} ${column} has ${values.size} values; shares are given for at most ${mostGroups} groups. ` +
        `Choose a column with ` +
        `fewer, or create one with ${option("query")}.`,
    );
}

/** Vectors of the rows that have one, and which rows these are. */
async function encodeAll(
  all: readonly (string | null)[],
  settings: Pick<RowEncoderOptions, "with" | "precision" | "seed"> & { threads?: number },
  watch: WorkflowWatch,
) {
  const threads = settings.threads ?? availableParallelism();
  const given = all.filter((text) => text !== null);
  const encoder = await openRowEncoder(
    given,
    { ...{ with: settings.with, precision: settings.precision }, seed: settings.seed, threads, removeCommon: false },
    watch,
  );
  try {
    const { dim, description } = encoder;
    const tell = (done: number) => watch.onProgress?.({ stage: "encoding", done, total: all.length });
    tell(0);
    const texts = all.map((text) => text ?? "");
    const encoded = await encoder.encode(texts, { signal: watch.signal, onTexts: tell });
    const rows = [...all.keys()].filter((row) => all[row] !== null && encoded.known[row] === 1);
    if (rows.length === 0) throw new UserError(`No row contains a word of ${description}.`);
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

interface Answers {
  all: readonly (string | null)[];
  /** Which rows have a vector. */
  rows: readonly number[];
  found: Topics;
  places: Float64Array;
  /** Every so many rows with a vector have a place. */
  step: number;
  /** With `by`: the group of each row, and the shares of topics in the groups. */
  groups?: readonly (string | null)[];
  shares?: readonly TopicShares[];
}

async function writeTopics(
  table: Table,
  text: readonly string[],
  target: { out: string; safeCsv: boolean },
  { all, rows, found, places, step, groups, shares }: Answers,
  watch: WorkflowWatch,
): Promise<string[]> {
  const { topics, topicOf } = found;
  const at = new Map(rows.map((row, i) => [row, i]));
  const sharesOf = new Map(shares?.map((group) => [group.value, group.shares]));
  const columns = [
    { name: "topic", type: "INTEGER" },
    { name: "topic_words", type: "VARCHAR" },
    { name: "x", type: "DOUBLE" },
    { name: "y", type: "DOUBLE" },
    ...(groups ? [{ name: "topic_share", type: "DOUBLE" } as const] : []),
  ] as const;
  const values = forKnownRows(all, (row) => {
    const i = at.get(row);
    const topic = i === undefined || topicOf[i] < 0 ? null : topicOf[i];
    const place = i === undefined || i % step > 0 ? [null, null] : [places[2 * (i / step)], places[2 * (i / step) + 1]];
    const share = groups ? [topic === null ? null : sharesOf.get(groups[row])![topic]] : [];
    return [topic === null ? null : topic + 1, topic === null ? null : nameOf(topics[topic]), ...place, ...share];
  });
  return (await addColumns(table, { text, columns, values, stage: "writing", ...target, suffix: "found" }, watch))
    .names;
}
