// Rows with the same or nearly the same text, of all tables together.
import { breather } from "../base/breather.js";
import type { Watch } from "../base/progress.js";
import { findDuplicates } from "../duplicates/index.js";
import { fingerprint, hashOf } from "../tasks/index.js";

export interface SameTexts {
  /** For each row the first one with the same text, but for case and spaces; its own number where it is the first. */
  exact: Int32Array;
  /** The same for texts with the same letters and digits, whatever stands between them. */
  words: Int32Array;
  /** The same for texts that also differ in the order of words or a few letters. */
  near: Int32Array;
  /** Near duplicates were looked for among so many texts; the others were compared by their letters and digits alone. */
  compared: number;
}

/** A row, and an earlier one that it repeats. */
export interface Copy {
  row: number;
  like: number;
}

export const breathe = breather("Stopped before all rows were checked.");

/** Of more different texts some are compared in full, the others by their letters and digits. */
const mostCompared = 300_000;
/** Of more than these, fewer candidates are compared. */
const fewTexts = 15_000;
const threshold = 0.85;
const rowsAtOnce = 20_000;

/**
 * @param first rows that are compared in full whatever the size: those of a test table
 * @throws CancelledError after an abort
 */
export async function sameTexts(
  texts: readonly string[],
  first: (row: number) => boolean,
  watch: Watch,
): Promise<SameTexts> {
  const exact = await firstRows(texts, fingerprint, watch);
  const distinct = [...texts.keys()].filter((row) => exact[row] === row);
  const spoken = await firstRows(
    distinct.map((row) => texts[row]),
    (text) => hashOf(spokenKey(text)),
    watch,
  );
  const words = exact.slice();
  for (const [at, row] of distinct.entries()) words[row] = distinct[spoken[at]];
  for (let row = 0; row < words.length; row++) words[row] = words[words[row]];
  const near = words.slice();
  const leaders = distinct.filter((row) => near[row] === row);
  const chosen = leaders.length <= mostCompared ? leaders : someOf(leaders, first);
  const found = await findDuplicates(
    chosen.map((row) => texts[row]),
    { threshold, isQuick: chosen.length > fewTexts, watch },
  );
  for (const [at, row] of chosen.entries()) near[row] = chosen[found.firstRow[at]];
  // Ascending, so that whatever a row points to points to its own first row already.
  for (let row = 0; row < near.length; row++) near[row] = near[near[row]];
  return { exact, words, near, compared: chosen.length };
}

/** All of the rows that must be there, at most half, and others spread over the rest. */
function someOf(leaders: readonly number[], isFirst: (row: number) => boolean): number[] {
  const spread = (rows: readonly number[], most: number) => {
    const step = Math.max(1, Math.ceil(rows.length / most));
    return rows.filter((_, i) => i % step === 0);
  };
  const first = spread(leaders.filter(isFirst), mostCompared / 2);
  const rest = spread(
    leaders.filter((row) => !isFirst(row)),
    mostCompared - first.length,
  );
  return [...first, ...rest].sort((a, b) => a - b);
}

/** For each text the first one with the same key, by open addressing on 53 bits of its hash. */
async function firstRows(texts: readonly string[], keyOf: (text: string) => number, watch: Watch): Promise<Int32Array> {
  const keys = new Float64Array(texts.length);
  let size = 1024;
  while (size < 2 * texts.length) size *= 2;
  const slots = new Int32Array(size);
  const first = new Int32Array(texts.length);
  for (let row = 0; row < texts.length; row++) {
    if (row % rowsAtOnce === 0) await breathe(watch, "comparing texts", row, texts.length);
    const key = keyOf(texts[row]);
    keys[row] = key;
    let slot = key % size;
    while (slots[slot] !== 0 && keys[slots[slot] - 1] !== key) slot = (slot + 1) & (size - 1);
    if (slots[slot] === 0) slots[slot] = row + 1;
    first[row] = slots[slot] - 1;
  }
  return first;
}

/** Letters, digits and pictures alone; all of it where there are none. */
function spokenKey(text: string): string {
  const spoken = text.toLowerCase().replace(notSpoken, " ").trim();
  return spoken === "" ? text.trim() : spoken;
}
const notSpoken = /[^\p{L}\p{M}\p{N}\p{Extended_Pictographic}]+/gu;
