// The words and phrases that drive each label over a whole table: means of their shares over the rows that have them.

import type { Explanation } from "./explain-rows.js";
import { overRows } from "./measured.js";

export interface DrivingTerm {
  term: string;
  /** Rows that have it and this answer. */
  rows: number;
  /** Of its share, over them. */
  mean: number;
  interval: { low: number; high: number };
}

export interface DrivingTerms {
  /** The label, or the column of a number. */
  target: string;
  /** Rows with this answer. */
  rows: number;
  /** What speaks most for it, and against it, by mean × rows. */
  for: DrivingTerm[];
  against: DrivingTerm[];
}

/** A term in fewer rows tells of those rows. */
const fewestRows = 5;
const termsTold = 25;
/** Terms that are counted at a time; those of one row go first. */
const mostTerms = 1_000_000;

export interface DrivingTally {
  add(explanations: readonly Explanation[]): void;
  terms(): DrivingTerms[];
}

/** @param seed - of the intervals */
export function tallyDrivingWords(seed: number): DrivingTally {
  const targets = new Map<string, { rows: number; shares: Map<string, number[]> }>();
  return {
    add(explanations) {
      for (const explanation of explanations) {
        const { target } = explanation;
        if (!targets.has(target)) targets.set(target, { rows: 0, shares: new Map() });
        const own = targets.get(target)!;
        own.rows++;
        for (const [term, share] of termsOf(explanation)) {
          const shares = own.shares.get(term);
          if (shares) shares.push(share);
          else own.shares.set(term, [share]);
        }
        if (own.shares.size > mostTerms)
          for (const [term, shares] of own.shares) if (shares.length === 1) own.shares.delete(term);
      }
    },
    terms: () =>
      [...targets].map(([target, { rows, shares }]) => ({
        target,
        rows,
        for: strongest(shares, 1, seed),
        against: strongest(shares, -1, seed),
      })),
  };
}

/** Words and pairs of neighbours of a row, each with the sum of its shares. */
function termsOf({ words, read }: Explanation): Map<string, number> {
  const found = new Map<string, number>();
  const add = (term: string, share: number) => found.set(term, (found.get(term) ?? 0) + share);
  let before: { word: string; share: number } | undefined;
  for (const { word: written, share } of words.slice(0, read)) {
    const isWord = /[\p{L}\p{N}]/u.test(written);
    const word = written.toLowerCase();
    if (isWord) add(word, share);
    if (isWord && before) add(`${before.word} ${word}`, before.share + share);
    before = isWord ? { word, share } : undefined;
  }
  return found;
}

/** By mean × rows, of those whose interval is on the wanted side; a phrase must do more than either of its words. */
function strongest(shares: ReadonlyMap<string, readonly number[]>, sign: 1 | -1, seed: number): DrivingTerm[] {
  const sums = [...shares]
    .filter(([, values]) => values.length >= fewestRows)
    .map(([term, values]) => ({ term, values, sum: sign * values.reduce((all, one) => all + one, 0) }))
    .filter(({ sum }) => sum > 0)
    .sort((a, b) => b.sum - a.sum || (a.term < b.term ? -1 : 1));
  const meanOf = (word: string) => {
    const values = shares.get(word) ?? [];
    return (sign * values.reduce((all, one) => all + one, 0)) / (values.length || 1);
  };
  const found: DrivingTerm[] = [];
  for (const { term, values } of sums) {
    if (found.length === termsTold) break;
    const { mean, interval } = overRows(values, seed);
    const bound = sign === 1 ? interval.low : -interval.high;
    const parts = term.split(" ");
    if (bound <= 0 || (parts.length > 1 && parts.some((word) => bound <= meanOf(word)))) continue;
    found.push({ term, rows: values.length, mean, interval });
  }
  return found;
}
