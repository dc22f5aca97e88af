import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { UserError } from "../base/errors.js";
import { ngramBuckets } from "./character-ngrams.js";
import {
  createWordVectors,
  openWordRows,
  readVectorsFolder,
  readWordVectors,
  vectorOf,
  type WordVectors,
  wordProbabilities,
  writeVectorsBinary,
  writeVectorsFolder,
  writeVectorsText,
} from "./index.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-vectors-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const freshPath = () => join(folder, `file-${files++}`);

const facts = {
  method: "svd",
  lowercase: true,
  options: {},
  data: { source: "texts.csv", texts: 3, tokens: 12 },
};

const anyVectors: fc.Arbitrary<WordVectors> = fc
  .record({
    words: fc.uniqueArray(
      fc.string({ minLength: 1, unit: "grapheme" }).filter((word) => !/\s/.test(word)),
      {
        minLength: 1,
        maxLength: 12,
      },
    ),
    dim: fc.integer({ min: 1, max: 9 }),
  })
  .chain(({ words, dim }) =>
    fc
      .array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
        minLength: words.length * dim,
        maxLength: words.length * dim,
      })
      .map((numbers) => createWordVectors({ words, dim, vectors: Float32Array.from(numbers, (x) => x + 0) })),
  );

const layouts: Record<string, (path: string, vectors: WordVectors) => Promise<void>> = {
  "word2vec text": (path, vectors) => writeVectorsText(path, vectors, "word2vec"),
  "GloVe text": (path, vectors) => writeVectorsText(path, vectors, "glove"),
  "word2vec binary": writeVectorsBinary,
};

for (const [name, write] of Object.entries(layouts)) {
  test(`${name}: what is written is read again, number by number`, async () => {
    await fc.assert(
      fc.asyncProperty(anyVectors, async (vectors) => {
        // A GloVe file whose only word and number are whole numbers looks like the header of the others.
        fc.pre(!(name === "GloVe text" && vectors.dim === 1 && /^\d+$/.test(vectors.words[0])));
        const path = freshPath();
        await write(path, vectors);
        const again = await readWordVectors(path);
        assert.deepEqual(again.words, vectors.words);
        assert.deepEqual(again.vectors, vectors.vectors);
      }),
      { numRuns: 60 },
    );
  });
}

const sample = createWordVectors({
  words: ["the", "river", "Straße"],
  dim: 4,
  vectors: Float32Array.from({ length: 12 }, (_, i) => Math.sin(i) / 3),
  counts: new Float64Array([7, 2, 1]),
  ngrams: { minLength: 3, maxLength: 6, buckets: 5, vectors: Float32Array.from({ length: 20 }, (_, i) => i / 8) },
});

test("word2vec binary: bytes of a number that look like letters", async () => {
  const path = freshPath();
  const vectors = createWordVectors({ words: ["a", "b"], dim: 1, vectors: Float32Array.of(62459060, 0) });
  await writeVectorsBinary(path, vectors);
  assert.deepEqual((await readWordVectors(path)).vectors, vectors.vectors);
});

test("a gzipped file is read like a plain one", async () => {
  const path = freshPath();
  await writeVectorsText(path, sample, "glove");
  const packed = `${freshPath()}.gz`;
  writeFileSync(packed, gzipSync(readFileSync(path)));
  assert.deepEqual((await readWordVectors(packed)).vectors, sample.vectors);
  writeFileSync(packed, gzipSync(readFileSync(path)).subarray(0, 60));
  await assert.rejects(readWordVectors(packed), UserError);
});

test("a folder keeps words, vectors, counts and n-grams", async () => {
  const path = mkdtempSync(join(folder, "vectors-"));
  await writeVectorsFolder(path, sample, facts);
  const { vectors, facts: read } = await readVectorsFolder(path);
  assert.deepEqual(vectors, sample);
  assert.equal(read.dim, 4);
  const rows = await openWordRows(path);
  for (const word of [...sample.words, "rivers", "unseen", ""])
    assert.deepEqual(rows.vectorOf(word), vectorOf(sample, word), word);
  assert.deepEqual([rows.dim, rows.ids], [4, sample.ids]);
  rows.close();
});

test("a number that is none is found in the word that is asked for", async () => {
  const path = mkdtempSync(join(folder, "nan-"));
  const vectors = sample.vectors.slice();
  vectors[5] = Number.NaN;
  await writeVectorsFolder(path, { ...sample, vectors }, facts);
  const rows = await openWordRows(path);
  assert.deepEqual(rows.vectorOf(sample.words[0]), vectorOf(sample, sample.words[0]));
  assert.throws(() => rows.vectorOf(sample.words[1]), { name: "UserError", message: /the vector of .* contains NaN/ });
  rows.close();
});

/** Opens the folder and asks for every word; errors for people pass. */
async function askedOrRefused(path: string): Promise<void> {
  try {
    const rows = await openWordRows(path);
    for (const word of [...rows.ids.keys(), "rivers"]) rows.vectorOf(word);
    rows.close();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
}

test("a file that is cut or changed anywhere is refused or read as it stands, never a fault of the program", async () => {
  const path = mkdtempSync(join(folder, "broken-"));
  await writeVectorsFolder(path, sample, facts);
  const text = freshPath();
  await writeVectorsText(text, sample, "word2vec");
  const binary = freshPath();
  await writeVectorsBinary(binary, sample);
  const folderFiles = ["columnist.json", "vocabulary.json", "vectors.safetensors"].map((name) => join(path, name));
  for (const file of [...folderFiles, text, binary]) {
    const whole = readFileSync(file);
    const target = folderFiles.includes(file) ? path : file;
    for (let at = 0; at < whole.length; at += whole.length > 300 ? 7 : 1) {
      writeFileSync(file, whole.subarray(0, at));
      // The last byte of the text formats ends the last line, and the last digits of a number make another number.
      if (at < whole.length - 12) await assert.rejects(readWordVectors(target), UserError, `${file} cut at ${at}`);
      const changed = Buffer.from(whole);
      changed[at] ^= 0x5b;
      writeFileSync(file, changed);
      await readWordVectors(target).catch((error) =>
        assert.ok(error instanceof UserError, `${file} at ${at}: ${error}`),
      );
      if (target === path) await assert.doesNotReject(askedOrRefused(path), `${file} at ${at}`);
    }
    writeFileSync(file, whole);
  }
});

test("faults in text files name the line", async () => {
  const cases: [string, RegExp][] = [
    ["good 1 2\nbad 1\n", /line 2: 1 number, not 2, as line 1 has/],
    ["2 2\ngood 1 2\nbad 1 2 3\n", /line 3: 3 numbers, not 2, as the header says/],
    ["good 1 2\nbad 1 2 3\n", /line 2: 3 numbers, not 2/],
    ["2 2\ngood 0,1 0,2\nbad 1 2\n", /line 2: '0,1' has a decimal comma\. Write 0\.1\./],
    ["good 1 2\nbad 1,5 2\n", /line 2: '1,5' has a decimal comma/],
    ["good 0,1 0,2\nbad 1,5 2\n", /line 1: '0,2' has a decimal comma/],
    ["good,1,2\nbad,3,4\n", /line 1: the numbers are separated by commas/],
    ["text,label\n", /line 1: expected a word and its numbers.*'text,label'/],
    ["PK\x03\x04glove.6B.50d.txt", /is a ZIP archive, not a file of word vectors/],
    ["good 1 2\nbad 1 nan\n", /line 2: 'nan' is not a finite number/],
    ["2 2\ngood 1 2\n", /should contain 2 words, but contains 1/],
    ["good 1 2\nbad 1 1e39\n", /line 2: '1e39'/],
    ["", /empty/],
  ];
  for (const [content, message] of cases) {
    const path = freshPath();
    writeFileSync(path, content);
    await assert.rejects(
      readWordVectors(path),
      (error: Error) => error instanceof UserError && message.test(error.message),
    );
  }
  await assert.rejects(readWordVectors(join(folder, "nothing")), /There are no vectors at/);
});

test("words with blanks and repeated words, as published files have them", async () => {
  const path = freshPath();
  writeFileSync(path, ". . . 1 2\r\ngood 3 4 \r\ngood 5 6\r\n");
  const messages: string[] = [];
  const vectors = await readWordVectors(path, (message) => messages.push(message));
  assert.deepEqual(vectors.words, [". . .", "good"]);
  assert.deepEqual([...vectors.vectors], [1, 2, 3, 4]);
  assert.match(messages[0], /1 repeated word; only the first vector/);
});

test("vectors that do not fit are refused", () => {
  const two = new Float32Array(2);
  assert.throws(() => createWordVectors({ words: ["a", "a"], dim: 1, vectors: two }), /'a' occurs more than once/);
  assert.throws(() => createWordVectors({ words: ["a"], dim: 1, vectors: two }), /need 1 numbers, not 2/);
  assert.throws(
    () => createWordVectors({ words: ["a", "b"], dim: 1, vectors: new Float32Array([1, Number.NaN]) }),
    /the vector of 'b' contains NaN/,
  );
});

test("an unknown word has the mean of its n-grams", () => {
  assert.deepEqual(vectorOf(sample, "river"), sample.vectors.slice(4, 8));
  const rows = ngramBuckets("rivers", sample.ngrams!);
  // Lengths 3 to 6 of the 8 characters of <rivers>.
  assert.equal(rows.length, 6 + 5 + 4 + 3);
  const mean = rows.reduce((sum, row) => sum + sample.ngrams!.vectors[row * 4 + 1], 0) / rows.length;
  assert.ok(Math.abs(vectorOf(sample, "rivers")![1] - mean) < 1e-6);
  assert.equal(vectorOf({ ...sample, ngrams: undefined }, "rivers"), undefined);
});

test("probabilities sum to one, with counts and without", () => {
  assert.deepEqual([...wordProbabilities(sample)], [0.7, 0.2, 0.1]);
  const byRank = wordProbabilities({ ...sample, counts: undefined });
  assert.ok(Math.abs(byRank.reduce((a, b) => a + b) - 1) < 1e-12 && byRank[0] > byRank[1]);
});
