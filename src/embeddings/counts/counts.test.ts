import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { type Corpus, readCorpus } from "../corpus.js";
import { readBlock, type SparseMatrix } from "../sparse-matrix.js";
import { createPool } from "../workers/pool.js";
import { countPairs, type DistanceWeight } from "./count-pairs.js";
import { ppmi } from "./ppmi.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-counts-"));
const pool = createPool(2);
after(async () => {
  await pool.close();
  rmSync(folder, { recursive: true, force: true });
});

function dense(matrix: SparseMatrix, series = 0): number[][] {
  const rows = Array.from({ length: matrix.rows }, () => new Array<number>(matrix.columns).fill(0));
  for (const block of matrix.blocks) {
    const { starts, columns, values } = readBlock(block);
    for (let r = 0; r < block.rows; r++)
      for (let e = starts[r]; e < starts[r + 1]; e++) rows[block.firstRow + r][columns[e]] = values[series][e];
  }
  return rows;
}

const weigh: Record<DistanceWeight, (distance: number, window: number) => number> = {
  flat: () => 1,
  dynamic: (distance, window) => (window + 1 - distance) / window,
  harmonic: (distance) => 1 / distance,
};

function naive(texts: string[][], words: string[], window: number, weight: DistanceWeight): number[][] {
  const rows = words.map(() => new Array<number>(words.length).fill(0));
  for (const text of texts) {
    const ids = text.map((word) => words.indexOf(word)).filter((id) => id >= 0);
    for (const [i, id] of ids.entries())
      for (let j = Math.max(0, i - window); j < i; j++) {
        rows[id][ids[j]] += weigh[weight](i - j, window);
        rows[ids[j]][id] += weigh[weight](i - j, window);
      }
  }
  return rows;
}

test("counts equal a naive count", async () => {
  const anyTexts = fc.array(fc.array(fc.constantFrom("a", "b", "c", "dd", "e1", "f"), { maxLength: 30 }), {
    minLength: 1,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(
      anyTexts,
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom<DistanceWeight>("flat", "dynamic", "harmonic"),
      fc.integer({ min: 1, max: 3 }),
      async (texts, window, distanceWeight, minCount) => {
        const joined = texts.map((text) => text.join(" "));
        let corpus: Corpus;
        try {
          corpus = await readCorpus([joined], { minCount, lowercase: true, folder });
        } catch {
          return; // no word is frequent enough
        }
        const counts = await countPairs(corpus, { window, distanceWeight, subsample: 0, seed: 0, folder }, pool);
        const wanted = naive(texts, corpus.words, window, distanceWeight);
        const found = dense(counts.matrix).map((row) => row.map((value) => value / counts.unit));
        for (const [i, row] of wanted.entries())
          for (const [j, value] of row.entries()) assert.ok(Math.abs(found[i][j] - value) < 1e-9);
      },
    ),
    { numRuns: 40 },
  );
});

/** Longer than the stretch that a job takes, so that windows cross from one to the next. */
const longText = Array.from({ length: 560_000 }, (_, i) => `w${(i * i + (i >> 3)) % 7}`).join(" ");

test("windows cross the stretches that threads take; thinning does not depend on threads", async () => {
  const corpus = await readCorpus([[longText, "w1 w2"]], { minCount: 1, lowercase: true, folder });
  const options = { window: 4, distanceWeight: "flat", subsample: 0, seed: 0, folder } as const;
  const whole = await countPairs(corpus, options, pool);
  const pairs = whole.rowSums.reduce((a, b) => a + b);
  assert.equal(pairs, 2 * (4 * 560_000 - (1 + 2 + 3 + 4) + 1));
  const thinned = dense((await countPairs(corpus, { ...options, subsample: 0.05, seed: 4 }, pool)).matrix);
  const alone = createPool(1);
  try {
    const again = await countPairs(corpus, { ...options, subsample: 0.05, seed: 4 }, alone);
    assert.deepEqual(dense(again.matrix), thinned);
    // Of a word with share s, √(0.05 / s) of the places stay: all pairs shrink by about the product.
    const kept = again.rowSums.reduce((a, b) => a + b) / pairs;
    assert.ok(kept > 0.5 && kept < 0.65, `kept ${kept}`);
  } finally {
    await alone.close();
  }
});

test("mutual information is the formula, for the matrix and its transpose", async () => {
  const corpus = await readCorpus([["a b c a b d", "c a d d b"]], { minCount: 1, lowercase: true, folder });
  const counts = await countPairs(
    corpus,
    { window: 2, distanceWeight: "dynamic", subsample: 0, seed: 0, folder },
    pool,
  );
  const table = dense(counts.matrix);
  const rowSums = table.map((row) => row.reduce((a, b) => a + b));
  const total = rowSums.reduce((sum, value) => sum + value ** 0.75, 0);
  for (const shift of [1, 1.2]) {
    const matrix = await ppmi(counts, { shift, folder }, pool);
    const [own, transposed] = [dense(matrix, 0), dense(matrix, 1)];
    for (const [i, row] of table.entries())
      for (const [j, count] of row.entries()) {
        const pmi = Math.log((count * total) / (rowSums[i] * rowSums[j] ** 0.75)) - Math.log(shift);
        assert.ok(Math.abs(own[i][j] - (count > 0 ? Math.max(0, pmi) : 0)) < 1e-12);
        assert.equal(transposed[j][i], own[i][j]);
      }
  }
});

test("words: the most frequent first, punctuation left out, limits kept", async () => {
  const options = { minCount: 2, lowercase: true, folder };
  const corpus = await readCorpus([["The bank, the River.", "bank -- the 42 river 42 once"]], options);
  assert.deepEqual(corpus.words, ["the", "42", "bank", "river"]);
  assert.deepEqual([...corpus.counts], [3, 2, 2, 2]);
  assert.deepEqual((await readCorpus([["b b a a a c"]], { ...options, minCount: 1, vocabSize: 2 })).words, ["a", "b"]);
  const pieces = [
    { texts: ["x", "a b"], continues: true },
    { texts: [" c", "d"], continues: false },
  ];
  assert.equal((await readCorpus(pieces, { ...options, minCount: 1 })).texts, 3);
  await assert.rejects(readCorpus([["once"]], options), /No word occurs 2 times/);
  await assert.rejects(readCorpus([["...", ""]], options), /contain no words/);
});
