// Ways to divide the rows of a table: by its columns, by length and language of the texts, by what they are about.
import type { Watch } from "../../base/progress.js";
import { openRowEncoder } from "../../row-vectors/index.js";
import { columnGroups, inRanges } from "../../tasks/column-groups.js";
import { languageOf } from "../../text/index.js";
import { findTopics } from "../../topics/index.js";
import type { Division } from "./weak-slices.js";

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
    const groups = columnGroups(values);
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
