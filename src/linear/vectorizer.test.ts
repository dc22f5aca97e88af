import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { createBlockCounter } from "./count-ngrams.js";
import { createNgramScanner } from "./ngram-scanner.js";
import { createNgramTable, findNgram, insertNgram, ngramTableOf } from "./ngram-table.js";
import { chooseFeatures, createTextWeigher, weightCounts } from "./vectorizer.js";

interface Block {
  features: number;
  rows: number[][];
}
const golden = (
  JSON.parse(readFileSync("test/golden/linear.json", "utf8")) as {
    tfidf: { texts: string[]; words: Block; characters: Block };
  }
).tfidf;
const range = { wordNgrams: 2, minCharacters: 2, maxCharacters: 5, segmented: true };

function vectorize(texts: readonly string[], limits = { minWordRows: 1, minCharacterRows: 2, maxFeatures: 1e6 }) {
  const scanner = createNgramScanner(range);
  const [words, characters] = [createBlockCounter(texts.length), createBlockCounter(texts.length)];
  for (const text of texts) {
    scanner.scan(text);
    words.add(scanner, 0, scanner.words);
    characters.add(scanner, scanner.words, scanner.count);
  }
  const [w, c] = [words.done(), characters.done()];
  const { vectorizer, wordFeature, characterFeature } = chooseFeatures(w, c, texts.length, range, limits);
  const blocks = [
    { counts: w, feature: wordFeature },
    { counts: c, feature: characterFeature },
  ];
  return { vectorizer, scanner, x: weightCounts(vectorizer, blocks, texts.length) };
}

test("TF-IDF equals TfidfVectorizer over the same n-grams", () => {
  const { vectorizer, x } = vectorize(golden.texts);
  assert.equal(vectorizer.wordFeatures, golden.words.features);
  assert.equal(vectorizer.features - vectorizer.wordFeatures, golden.characters.features);
  for (let row = 0; row < golden.texts.length; row++) {
    const entries = [...x.ids.subarray(x.start[row], x.start[row + 1]).entries()];
    const values = (isWord: boolean) =>
      entries
        .filter(([, id]) => id < vectorizer.wordFeatures === isWord)
        .map(([at]) => x.values[x.start[row] + at])
        .sort((a, b) => a - b);
    for (const [actual, expected] of [
      [values(true), golden.words.rows[row]],
      [values(false), golden.characters.rows[row]],
    ]) {
      assert.equal(actual.length, expected.length);
      for (const [i, value] of expected.entries()) assert.ok(Math.abs(actual[i] - value) < 1e-6);
    }
  }
});

test("a text weighs the same alone as in the training rows", () => {
  const { vectorizer, scanner, x } = vectorize(golden.texts);
  const weigher = createTextWeigher(vectorizer, scanner, 1000);
  for (const [row, text] of golden.texts.entries()) {
    weigher.weigh(text);
    const byId = (ids: Int32Array, values: Float32Array) => [...ids].map((id, at) => [id, values[at]]).sort();
    assert.deepEqual(
      byId(weigher.ids.subarray(0, weigher.count), weigher.values),
      byId(x.ids.subarray(x.start[row], x.start[row + 1]), x.values.subarray(x.start[row])),
    );
  }
});

test("the rarest features go when there is room for few", () => {
  const { vectorizer } = vectorize(golden.texts, { minWordRows: 1, minCharacterRows: 1, maxFeatures: 20 });
  assert.ok(vectorizer.features > 0 && vectorizer.features <= 20);
});

test("a scan counts words, pairs with both ends, and runs of characters", () => {
  const scanner = createNgramScanner(range);
  scanner.scan("Who was Galileo ?");
  assert.equal(scanner.words, 4 + 5);
  const units = "\x01 who was galileo ? \x02".length;
  assert.equal(scanner.count - scanner.words, units - 3 + (units - 2) + (units - 3) + (units - 4));
  scanner.scan("  \n\t ");
  assert.equal(scanner.count, 0);
});

test("n-grams that differ have hashes that differ", () => {
  const scanner = createNgramScanner(range);
  const table = createNgramTable();
  const seen = new Set<string>();
  for (let i = 0; i < 30_000; i++) {
    const text = [0, 1, 2, 3, 4].map((place) => "abcdefghij"[Math.floor(i / 10 ** place) % 10]).join("");
    scanner.scan(text);
    for (let at = scanner.words; at < scanner.count; at++) insertNgram(table, scanner.high[at], scanner.low[at]);
    const framed = `\x01 ${text} \x02`;
    for (let start = 0; start < framed.length - 1; start++)
      for (let end = start + 2; end <= Math.min(framed.length, start + 5); end++) seen.add(framed.slice(start, end));
  }
  seen.delete("\x01 ");
  seen.delete(" \x02");
  assert.equal(table.size, seen.size);
});

test("any hashes: the table finds what was inserted and nothing else", () => {
  const hash = fc.tuple(fc.integer(), fc.integer({ min: 0, max: 40 }));
  fc.assert(
    fc.property(fc.array(hash, { maxLength: 2000 }), hash, (hashes, other) => {
      const table = createNgramTable(1);
      const ids = new Map<string, number>();
      for (const [high, low] of hashes) {
        const id = insertNgram(table, high, low);
        assert.equal(id, ids.get(`${high},${low}`) ?? ids.size);
        ids.set(`${high},${low}`, id);
      }
      const copy = ngramTableOf(table.hashes.slice(0, 2 * table.size));
      for (const [high, low] of [...hashes, other]) {
        assert.equal(findNgram(table, high, low), ids.get(`${high},${low}`) ?? -1);
        assert.equal(findNgram(copy, high, low), ids.get(`${high},${low}`) ?? -1);
      }
    }),
    { numRuns: 50 },
  );
});
