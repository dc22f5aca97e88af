import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type SparseMatrix, writeBlock } from "../../src/embeddings/sparse-matrix.js";
import { truncatedSvd } from "../../src/embeddings/svd/truncated-svd.js";
import { readGolden } from "../golden/read.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-svd-"));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Case {
  size: number;
  dim: number;
  rows: number[];
  columns: number[];
  values: number[];
  singularValues: number[];
  left: number[];
}

/** In blocks of 16 rows, with the transpose's values as the second series where the places are symmetric. */
function sparse({ case: name, size, rows, columns, values }: Case & { case: string }): SparseMatrix {
  const at = new Map(rows.map((row, i) => [row * size + columns[i], values[i]]));
  const places = new Set([...at.keys()].flatMap((key) => [key, (key % size) * size + Math.floor(key / size)]));
  const blocks = [];
  for (let first = 0; first < size; first += 16) {
    const own = [...places].filter((key) => Math.floor(Math.floor(key / size) / 16) === first / 16);
    own.sort((a, b) => a - b);
    const count = Math.min(16, size - first);
    const starts = new Uint32Array(count + 1);
    for (const key of own) starts[Math.floor(key / size) - first + 1]++;
    for (let r = 0; r < count; r++) starts[r + 1] += starts[r];
    const series = [
      Float64Array.from(own, (key) => at.get(key) ?? 0),
      Float64Array.from(own, (key) => at.get((key % size) * size + Math.floor(key / size)) ?? 0),
    ];
    blocks.push(
      writeBlock(join(folder, `${name}-${first}`), first, {
        starts,
        columns: Int32Array.from(own, (key) => key % size),
        values: series,
      }),
    );
  }
  return { rows: size, columns: size, blocks };
}

for (const golden of readGolden<Case>("svd").cases) {
  test(`equals numpy.linalg.svd up to signs: ${golden.case}`, async () => {
    const { left, singularValues } = await truncatedSvd(sparse(golden), { dim: golden.dim, seed: 3, threads: 2 });
    const found = golden.singularValues.length;
    assert.equal(singularValues.length, found);
    for (let j = 0; j < found; j++) {
      const wanted = golden.singularValues[j];
      assert.ok(
        Math.abs(singularValues[j] - wanted) < 1e-4 * golden.singularValues[0],
        `σ${j} ${singularValues[j]} ${wanted}`,
      );
      let product = 0;
      for (let i = 0; i < golden.size; i++) product += left[i * found + j] * golden.left[i * found + j];
      assert.ok(Math.abs(Math.abs(product) - 1) < 2e-3, `vector ${j}: cosine ${product}`);
    }
  });
}

test("the same bits on any number of threads", async () => {
  const [golden] = readGolden<Case>("svd").cases;
  const matrix = sparse(golden);
  const runs = await Promise.all([1, 3].map((threads) => truncatedSvd(matrix, { dim: golden.dim, seed: 3, threads })));
  assert.deepEqual(runs[0], runs[1]);
});
