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
  const quick = await findDuplicates([...originals, ...changed], { threshold: 0.85, isQuick: true });
  const quickly = changed.filter((_, i) => quick.firstRow[1500 + i] === i).length;
  assert.ok(quickly >= 1400 && quick.kinds.slice(0, 1500).every((kind) => kind === undefined), `${quickly} of 1500`);
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

/** As people write to companies: a name in every row, few words, and some of them in many rows. */
function tweets(): string[] {
  const random = createRandom(8);
  const handles = ["@AmericanAir", "@united", "@JetBlue"];
  const words =
    "thanks no please help flight delayed cancelled done sent again today waiting hours service bag lost best worst gate hold seat crew phone check email refund late never still after rude great".split(
      " ",
    );
  const said = new Set<string>();
  while (said.size < 1500) {
    const length = 4 + random.integer(8);
    const text = Array.from({ length }, () => words[random.integer(words.length)]).join(" ");
    said.add(`${handles[random.integer(3)]} ${text}`);
  }
  return [...said];
}

test("short texts: a name that many rows have makes no two alike, and each word counts", async () => {
  const apart = [
    ["@AmericanAir no thanks", "@AmericanAir thanks"],
    ["@AmericanAir done", "@AmericanAir sent!"],
    ["@AmericanAir best service", "@AmericanAir worst service"],
    ["@AmericanAir flight delayed", "@AmericanAir flight cancelled"],
    ["@AmericanAir flight 1234 delayed", "@AmericanAir flight 1243 delayed"],
    ["@united please help", "@united please hold"],
    ["@JetBlue still waiting on my refund", "@JetBlue still waiting on my bag"],
    ["@JetBlue great crew", "@JetBlue rude crew"],
  ];
  const alikes = [
    ["@AmericanAir email sent", "@AmericanAir Email sent!!"],
    ["@united Lost my bag", "my bag: lost @united"],
    ["@JetBlue flight cancelled again", "@JetBlue flight cancleled again"],
    ["@united my phone check in is down", "@united my phone checkin is down"],
    [
      "@united two hours on hold with nobody there to help us today",
      "@united two hours on hold with nobody there to help today",
    ],
  ];
  const planted = [...apart, ...alikes].flat();
  const texts = [...tweets(), ...planted];
  const { firstRow } = await findDuplicates(texts, { threshold: 0.85 });
  const isJoined = ([a, b]: string[]) => firstRow[texts.indexOf(a)] === firstRow[texts.indexOf(b)];
  assert.deepEqual(apart.filter(isJoined), []);
  assert.deepEqual(
    alikes.filter((pair) => !isJoined(pair)),
    [],
  );
});

test("by meaning too, short texts need more", async () => {
  const long = "a long text of many words that each tell something";
  const texts = [...tweets(), "thanks folks", "cheers folks", long, `${long} else`.replace("each", "all")];
  const at = texts.length - 4;
  const search = async () => (row: number) =>
    row === at + 1 ? [{ row: at, similarity: 0.96 }] : row === at + 3 ? [{ row: at + 2, similarity: 0.96 }] : [];
  const { kinds } = await findDuplicates(texts, { threshold: 1, sameMeaning: { threshold: 0.95, search } });
  assert.deepEqual(kinds.slice(at), [undefined, undefined, undefined, "meaning"]);
});
