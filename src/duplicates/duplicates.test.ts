import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRandom } from "../base/random.js";
import { comparedText, similarity } from "./compared-text.js";
import { findDuplicates } from "./find-duplicates.js";
import { createMinHashIndex } from "./min-hash.js";

const alike = (a: string, b: string) => similarity(comparedText(a), comparedText(b), 0.85);

/** Sentences of a small made-up language: unlike each other, alike in length and letters. */
function sentences(count: number, seed: number): string[] {
  const random = createRandom(seed);
  const word = () => Array.from({ length: 3 + random.integer(6) }, () => letters[random.integer(20)]).join("");
  const vocabulary = Array.from({ length: 3000 }, word);
  return Array.from({ length: count }, () =>
    Array.from({ length: 7 + random.integer(8) }, () => vocabulary[random.integer(3000)]).join(" "),
  );
}
const letters = "etaoinsrhldcumfpgwyb";

test("case, signs, spacing and word order make no difference; other words do", () => {
  assert.equal(alike("Top up by card", "by CARD:  top-up!"), 1);
  assert.equal(alike("!!!", "!!!"), 1);
  assert.ok(alike("How do I cancel my card", "How do i cancle my card") > 0.85);
  assert.ok(alike("How do I cancel my card", "Where is the nearest cash machine") < 0.4);
  assert.equal(alike("", "word"), 0);
});

test("rows join the first row they are like; no chain of small steps joins unlike rows", async () => {
  const texts = ["a long text of eight plain words here", null, "A LONG text of eight plain words, here"];
  const { firstRow, kinds, similarities } = await findDuplicates([...texts, texts[0], "other"], { threshold: 0.85 });
  assert.deepEqual([...firstRow], [0, -1, 0, 0, 4]);
  assert.deepEqual(kinds, [undefined, undefined, "near", "exact", undefined]);
  assert.deepEqual([...similarities], [1, 0, 1, 1, 1]);
  const chain = Array.from({ length: 12 }, (_, i) => `${"abcdefghijkl".slice(i)}${"mnopqrstuvwx".slice(0, i)}`);
  const chained = await findDuplicates(chain, { threshold: 0.85 });
  for (const [row, first] of chained.firstRow.entries())
    if (first !== row) assert.ok(alike(chain[row], chain[first]) >= 0.85);
});

test("planted changes are found, unlike rows are not, and every find is as similar as asked", async () => {
  const originals = sentences(1500, 3);
  const random = createRandom(5);
  const changed = originals.map((text) => {
    const words = text.split(" ");
    const at = random.integer(text.length - 1);
    const kinds = [
      () => text.toUpperCase(),
      () => [...words.slice(3), ...words.slice(0, 3)].join(" "),
      () => text.slice(0, at) + letters[random.integer(20)] + text.slice(at + 1),
      () => text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2),
    ];
    return kinds[random.integer(kinds.length)]();
  });
  const { firstRow, kinds } = await findDuplicates([...originals, ...changed], { threshold: 0.85 });
  assert.equal(kinds.slice(0, 1500).filter(Boolean).length, 0);
  const found = changed.filter((_, i) => firstRow[1500 + i] === i).length;
  assert.ok(found >= 1490, `${found} of 1500`);
});

test("property: exact duplicates are those of a map of texts, whatever the texts", async () => {
  const text = fc.oneof(fc.constantFrom("a", "b", "A", " ", "€5", "你好"), fc.string({ unit: "binary" }));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(text)), async (texts) => {
      const { firstRow, kinds } = await findDuplicates(texts, { threshold: 1 });
      for (const [row, one] of texts.entries()) {
        if (one === null) assert.equal(firstRow[row], -1);
        else {
          assert.equal(kinds[row] === "exact", texts.indexOf(one) < row);
          assert.equal(firstRow[row], firstRow[texts.indexOf(one)]);
          assert.ok(firstRow[row] <= row && firstRow[firstRow[row]] === firstRow[row]);
        }
      }
    }),
  );
});

test("MinHash: equal sets are always candidates, sets with nothing in common hardly ever", () => {
  const random = createRandom(1);
  const sets = Array.from({ length: 400 }, () => Int32Array.from({ length: 30 }, () => random.uint32() | 0).sort());
  const index = createMinHashIndex(400);
  let chance = 0;
  for (const set of sets) {
    chance += index.candidates(set).length;
    index.add();
  }
  assert.ok(chance < 40, String(chance));
  for (const [i, set] of sets.entries()) assert.ok(index.candidates(set).includes(i));
});

test("an abort stops between rows", async () => {
  const stop = new AbortController();
  const onProgress = ({ done }: { done: number }) => done > 0 && stop.abort();
  const watch = { signal: stop.signal, onProgress };
  await assert.rejects(findDuplicates(sentences(5000, 1), { threshold: 0.85, watch }), { name: "CancelledError" });
});
