// Ways to divide the rows of a table: by its columns, by length and language of the texts, by what they are about.
import type { Watch } from "../../base/progress.js";
import { quantile } from "../../metrics/index.js";
import { openRowEncoder } from "../../row-vectors/index.js";
import { languageOf } from "../../text/index.js";
import { findTopics } from "../../topics/index.js";
import type { Division } from "./weak-slices.js";

/** Numbers of more values are divided into four ranges. */
const mostNumbers = 12;
/** Values that stand for a group of rows; columns of more are names or texts. */
const mostValues = 1000;
/** Fewer rows have no topics. */
const fewestForTopics = 300;
/** Topics are groups of rows where each has so many. */
const rowsOfTopic = 40;
const mostTopics = 20;

/** @param columns of the table by name, beside text and label */
export async function divisionsOf(
  texts: readonly string[],
  columns: Readonly<Record<string, readonly (string | null)[]>>,
  { seed, threads }: { seed: number; threads: number },
  watch: Watch = {},
): Promise<Division[]> {
  const divisions: Division[] = [];
  for (const [name, values] of Object.entries(columns)) {
    const groups = groupsOf(values);
    if (groups) divisions.push({ kind: "column", name, groups });
  }
  const lengths = inRanges(
    texts.map(({ length }) => length),
    (value) => value.toLocaleString("en"),
    " characters",
  );
  if (lengths) divisions.push({ kind: "length", name: "length", groups: lengths });
  watch.onProgress?.({ stage: "looking for languages", done: 0, total: 1 });
  const languages = await languageOf(texts);
  if (new Set(languages).size > 1) divisions.push({ kind: "language", name: "language", groups: languages });
  if (texts.length >= fewestForTopics) {
    const groups = await topicsOf(texts, seed, threads, watch);
    if (groups) divisions.push({ kind: "topic", name: "topic", groups });
  }
  return divisions;
}

/** Values as they are, numbers of many values and days in ranges; nothing where nearly each row has its own. */
function groupsOf(values: readonly (string | null)[]): (string | null)[] | undefined {
  const given = values.filter((value) => value !== null && value !== "");
  const distinct = new Set(given);
  if (distinct.size === 0 || (distinct.size === 1 && given.length === values.length)) return undefined;
  if (distinct.size > mostNumbers && given.every((value) => Number.isFinite(Number(value))))
    return inRanges(
      values.map((value) => (value === null || value === "" ? Number.NaN : Number(value))),
      (value) => String(Number(value.toPrecision(6))),
      "",
    );
  if (distinct.size > mostNumbers && given.every((value) => /^\d{4}-\d\d-\d\d/.test(value!))) {
    const months = new Set(given.map((value) => value!.slice(0, 7)));
    const digits = months.size <= 24 ? 7 : 4;
    return values.map((value) => value?.slice(0, digits) || "(no value)");
  }
  if (distinct.size > mostValues && distinct.size > given.length / 2) return undefined;
  return values.map((value) => (value === null || value === "" ? "(no value)" : value));
}

/** Four ranges of about as many rows; NaN has none. */
function inRanges(
  values: readonly number[],
  show: (value: number) => string,
  unit: string,
): (string | null)[] | undefined {
  const sorted = Float64Array.from(values.filter((value) => !Number.isNaN(value))).sort();
  if (sorted.length === 0 || sorted[0] === sorted[sorted.length - 1]) return undefined;
  const bounds = [...new Set([0.25, 0.5, 0.75].map((share) => quantile(sorted, share)))];
  const ranges = [...bounds, Number.POSITIVE_INFINITY];
  const names = ranges.map((bound, i) => {
    if (i === 0) return `up to ${show(bound)}${unit}`;
    return bound === Number.POSITIVE_INFINITY
      ? `above ${show(ranges[i - 1])}${unit}`
      : `${show(ranges[i - 1])} to ${show(bound)}${unit}`;
  });
  return values.map((value) =>
    Number.isNaN(value) ? "(no value)" : names[ranges.findIndex((bound) => value <= bound)],
  );
}

/** By k-means on vectors of words learned from the table; nothing where the texts share too few words. */
async function topicsOf(
  texts: readonly string[],
  seed: number,
  threads: number,
  watch: Watch,
): Promise<(string | null)[] | undefined> {
  const encoder = await openRowEncoder(texts, { seed, threads, removeCommon: false }, watch);
  try {
    const { vectors, known } = await encoder.encode(texts);
    const { dim } = encoder;
    const rows = [...texts.keys()].filter((row) => known[row] === 1);
    if (rows.length < fewestForTopics) return undefined;
    const own = new Float32Array(rows.length * dim);
    for (const [i, row] of rows.entries()) own.set(vectors.subarray(row * dim, (row + 1) * dim), i * dim);
    const topics = Math.min(mostTopics, Math.floor(rows.length / rowsOfTopic));
    const found = await findTopics(
      rows.map((row) => texts[row]),
      own,
      dim,
      { topics, seed },
      watch,
    );
    const names = found.topics.map(({ words }) => words.slice(0, 4).join(", "));
    const groups = new Array<string | null>(texts.length).fill(null);
    for (const [i, row] of rows.entries()) if (found.topicOf[i] >= 0) groups[row] = names[found.topicOf[i]];
    return groups;
  } finally {
    await encoder.close();
  }
}
