import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { learnPieces } from "./learn-pieces.js";

/** The same choice, counted anew for every merge. */
function slowly(words: [string, number][], whole: ReadonlySet<string>, least: number, room: number): string[] {
  const order: string[] = [];
  const rank = (part: string) => {
    if (!order.includes(part)) order.push(part);
    return order.indexOf(part);
  };
  const spelled = words
    .filter(([word]) => word.length > 1)
    .map(([word, count]) => {
      let start = word.length - 1;
      while (start > 1 && !whole.has(word.slice(0, start))) start--;
      const parts = [word.slice(0, start), ...[...word.slice(start)].map((c) => `##${c}`)];
      for (const part of parts) rank(part);
      return { parts, count };
    });
  const pieces: string[] = [];
  while (pieces.length < room) {
    let best: { left: string; right: string; count: number } | undefined;
    const counts = new Map<string, number>();
    for (const { parts, count } of spelled)
      for (let i = 1; i < parts.length; i++) {
        const key = `${parts[i - 1]} ${parts[i]}`;
        counts.set(key, (counts.get(key) ?? 0) + count);
      }
    for (const [key, count] of counts) {
      const [left, right] = key.split(" ");
      const order = best && (count - best.count || rank(best.left) - rank(left) || rank(best.right) - rank(right));
      if (count >= least && (order === undefined || order > 0)) best = { left, right, count };
    }
    if (!best) break;
    const made = best.left + best.right.slice(2);
    if (!order.includes(made) && !whole.has(made)) pieces.push(made);
    rank(made);
    for (const { parts } of spelled)
      for (let i = 1; i < parts.length; i++)
        if (parts[i - 1] === best.left && parts[i] === best.right) parts.splice(i - 1, 2, made);
  }
  return pieces;
}

test("learnPieces: endings that rare words share", () => {
  assert.deepEqual(
    learnPieces(
      [
        ["walking", 2],
        ["talking", 2],
      ],
      new Set(["walk", "talk"]),
      4,
      10,
    ),
    ["##in", "##ing"],
  );
  assert.deepEqual(learnPieces([["aa", 9]], new Set(), 2, 0), []);
  assert.deepEqual(learnPieces([], new Set(), 2, 5), []);
  assert.deepEqual(learnPieces([["😀😀", 2]], new Set(), 2, 5), ["😀😀"]);
});

test("learnPieces: what counting anew for every merge gives", () => {
  const word = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 9 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(word, fc.integer({ min: 1, max: 3 })), { maxLength: 30, selector: ([text]) => text }),
      fc.array(word, { maxLength: 4 }),
      fc.integer({ min: 1, max: 6 }),
      fc.nat(40),
      (words, whole, least, room) => {
        const known = new Set(whole);
        assert.deepEqual(learnPieces(words, known, least, room), slowly(words, known, least, room));
      },
    ),
    { seed: 7, numRuns: 500 },
  );
});
