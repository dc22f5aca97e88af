import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { learnMerges, type SpelledCorpus } from "./learn-merges.js";

type Words = [symbols: number[], count: number][];

function corpusOf(words: Words): SpelledCorpus {
  const wordsAt = new Int32Array(words.length + 1);
  for (const [i, [symbols]] of words.entries()) wordsAt[i + 1] = wordsAt[i] + symbols.length;
  return {
    symbols: Int32Array.from(words.flatMap(([symbols]) => symbols)),
    wordsAt,
    counts: Float64Array.from(words, ([, count]) => count),
  };
}

/** The same, counted anew for every merge. */
function slowly(words: Words, least: number, first: number): number[][] {
  let corpus = words;
  const merges: number[][] = [];
  for (;;) {
    const counts = new Map<string, number>();
    for (const [symbols, count] of corpus)
      for (let i = 1; i < symbols.length; i++) {
        const key = `${symbols[i - 1]} ${symbols[i]}`;
        counts.set(key, (counts.get(key) ?? 0) + count);
      }
    const [best] = [...counts]
      .map(([key, count]) => [...key.split(" ").map(Number), count])
      .sort(([a, b, m], [c, d, n]) => n - m || a - c || b - d);
    if (!best || best[2] < least) return merges;
    const [left, right] = best;
    const merged = first + merges.push(best) - 1;
    corpus = corpus.map(([symbols, count]) => {
      const after: number[] = [];
      for (let i = 0; i < symbols.length; i++)
        after.push(symbols[i] === left && symbols[i + 1] === right && ++i > 0 ? merged : symbols[i]);
      return [after, count];
    });
  }
}

test("learnMerges: what counting anew for every merge gives, repeated symbols included", () => {
  const word = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 14 });
  fc.assert(
    fc.property(fc.array(fc.tuple(word, fc.integer({ min: 1, max: 4 })), { maxLength: 30 }), (words) => {
      const merges: number[][] = [];
      learnMerges(corpusOf(words), 2, (...merge) => merges.push(merge) + 3);
      assert.deepEqual(merges, slowly(words, 2, 4));
    }),
    { numRuns: 500 },
  );
});

test("learnMerges: a symbol that is made in two ways", () => {
  // 0 1 -> 4, 4 2 -> 5 (012); 1 2 -> 6, 0 6 -> 5 again; then pairs of 5 are merged from the left, wherever 5 came from.
  const merges: string[] = [];
  const made: Record<string, number> = { "0 1": 4, "4 2": 5, "1 2": 6, "0 6": 5, "5 5": 7 };
  learnMerges(
    corpusOf([
      [[0, 1], 9],
      [[1, 2], 8],
      [[0, 1, 2, 0, 1, 2, 0, 1, 2], 3],
    ]),
    1,
    (left, right, count) => {
      merges.push(`${left} ${right} ${count}`);
      return made[`${left} ${right}`];
    },
  );
  assert.deepEqual(merges.slice(0, 4), ["0 1 18", "4 2 9", "1 2 8", "5 5 6"]);
});
