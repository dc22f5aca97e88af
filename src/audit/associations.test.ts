// Associations of words, and sentences by their probability.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../base/random.js";
import { auditAssociations, type WordForm } from "./associations.js";
import { associationTests } from "./lists/word-sets.js";
import { pronounPairs, scorePronouns, scoreStereotypes } from "./sentence-scores.js";

const vectors: Record<string, number[]> = { p: [1, 0], q: [0.8, 0.6], u: [0, 1], v: [-0.6, 0.8], a: [1, 0], b: [0, 1] };
const form: WordForm = {
  name: "words",
  vectorsOf: async (words) => words.map((word) => (vectors[word] ? Float32Array.from(vectors[word]) : undefined)),
};
const set = (name: string, words: string) => ({ name, words: words.split(" ") });

test("WEAT by hand: s is 1, 0.2, −1 and −1.4", async () => {
  const own = { x: set("X", "p q"), y: set("Y", "u v"), a: set("A", "a"), b: set("B", "b") };
  const { tests } = await auditAssociations([form], 0, [own, { ...own, y: set("Z", "u none other") }]);
  assert.equal(tests.length, 1);
  const s = [1, 0.2, -1, -1.4];
  const mean = -0.3;
  const deviation = Math.sqrt(s.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 3);
  assert.ok(Math.abs(tests[0].effect - (0.6 + 1.2) / deviation) < 1e-6);
  // 2 of 6 ways to divide four words are as far apart.
  assert.ok(Math.abs(tests[0].probability - 1 / 3) < 0.1 && !tests[0].isShown);
  assert.ok(tests[0].range.low < tests[0].range.high);
  const { leftOut } = await auditAssociations([form], 0, [{ ...own, y: set("Z", "u none other") }]);
  assert.deepEqual(leftOut, ["X and Z by A and B"]);
  // No word is nothing, and shows nothing.
  const empty = await auditAssociations([form], 0, [{ ...own, y: { name: "Y", words: [] } }]);
  assert.deepEqual([empty.tests.length, empty.leftOut], [0, ["X and Y by A and B"]]);
});

test("an association that is planted in the vectors is found, others mostly not; missing words are told", async () => {
  const near = new Set(associationTests[0].x.words.concat(associationTests[0].a.words));
  const random = createRandom(4);
  const planted: WordForm = {
    name: "words",
    vectorsOf: async (words) =>
      words.map((word) => {
        if (word === "tulip") return undefined;
        const vector = Float32Array.from({ length: 40 }, () => random.normal());
        if (near.has(word)) vector[0] += 4;
        return vector;
      }),
  };
  const { tests } = await auditAssociations([planted]);
  const [flowers] = tests;
  assert.ok(flowers.isShown && flowers.effect > 1 && flowers.range.low > 0.8);
  assert.deepEqual(flowers.missing, ["tulip"]);
  assert.ok(tests.slice(2, 12).filter(({ isShown }) => isShown).length <= 2);
});

test("stereotypes by kind, and pronouns by occupation", () => {
  const kinds = Array.from({ length: 80 }, (_, i) => (i < 40 ? "age" : "religion"));
  const more = kinds.map((kind, i) => (kind === "age" ? 1 : i % 2));
  const [all, age, religion] = scoreStereotypes(
    more,
    kinds.map(() => 0.5),
    kinds,
  );
  assert.deepEqual([all.share, age.share, religion.share], [0.75, 1, 0.5]);
  assert.ok(all.isShown && age.isShown && !religion.isShown && age.interval.low > 0.9);
  assert.equal(scoreStereotypes([1], [1], [null])[0].share, 0.5);

  const ids = ["nurse", "pilot", "clerk"].flatMap((own) =>
    ["male", "female", "neutral"].map((who) => `${own}.x.1.${who}.txt`),
  );
  const pairs = pronounPairs(ids);
  assert.deepEqual(pairs[1], { male: 3, female: 4, occupation: "pilot" });
  const { share, difference, occupations, isShown } = scorePronouns(pairs, [-5, -3, 0, -2, -4, 0, -3, -3.5, 0]);
  assert.ok(Math.abs(share - 2 / 3) < 1e-12 && Math.abs(difference - 0.5 / 3) < 1e-12 && !isShown);
  assert.deepEqual(
    occupations.map(({ occupation }) => occupation),
    ["pilot", "clerk", "nurse"],
  );
});
