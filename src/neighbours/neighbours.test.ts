import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { UserError } from "../base/errors.js";
import { createRandom } from "../base/random.js";
import { createHnswWriter, openHnswFiles } from "./hnsw-files.js";
import { neighbourGraph } from "./neighbour-graph.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-neighbours-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Rows around some centres, as vectors of texts are. */
function clustered(rows: number, dim: number, seed: number): Float32Array {
  const random = createRandom(seed);
  const centres = Float32Array.from({ length: 50 * dim }, () => random.normal());
  return Float32Array.from({ length: rows * dim }, (_, i) => {
    const centre = Math.floor(i / dim) % 50;
    return centres[centre * dim + (i % dim)] + 0.7 * random.normal();
  });
}

function exactNearest(vectors: Float32Array, dim: number, question: Float32Array, count: number): number[] {
  const cosine = (row: number) => {
    let [dot, square] = [0, 0];
    for (let d = 0; d < dim; d++) {
      dot += vectors[row * dim + d] * question[d];
      square += vectors[row * dim + d] ** 2;
    }
    return dot / Math.sqrt(square);
  };
  const similarities = Float64Array.from({ length: vectors.length / dim }, (_, row) => cosine(row));
  return [...similarities.keys()].sort((a, b) => similarities[b] - similarities[a]).slice(0, count);
}

test("the graph has the rows that an exact search finds, the row itself left out", async () => {
  const [rows, dim, count] = [2000, 24, 10];
  const vectors = clustered(rows, dim, 1);
  const graph = await neighbourGraph(vectors, dim, count);
  let found = 0;
  for (let row = 0; row < rows; row += 20) {
    const own = [...graph.rows.subarray(row * count, (row + 1) * count)];
    assert.equal(own.includes(row), false);
    const exact = exactNearest(vectors, dim, vectors.subarray(row * dim, (row + 1) * dim), count + 1).slice(1);
    found += exact.filter((other) => own.includes(other)).length;
  }
  assert.ok(found >= 0.97 * 1000, String(found));
  assert.deepEqual(await neighbourGraph(vectors, dim, count), graph);
});

test("fewer rows than neighbours: the rest is -1", async () => {
  const { rows } = await neighbourGraph(Float32Array.of(1, 0, 1, 0.1, 0, 1), 2, 4);
  assert.deepEqual([...rows.subarray(0, 4)], [1, 2, -1, -1]);
});

test("shards: the same files for 1 and 2 threads; searching them finds what an exact search finds", async () => {
  const [rows, dim, rowsPerShard] = [7000, 8, 3000];
  const vectors = clustered(rows, dim, 2);
  const write = async (threads: number) => {
    const place = mkdtempSync(join(folder, "index-"));
    const writer = createHnswWriter(place, { dim, threads, rowsPerShard });
    for (let row = 0; row < rows; row += 1000) await writer.add(vectors.slice(row * dim, (row + 1000) * dim));
    const sizes = await writer.finish();
    await writer.close();
    return { place, sizes };
  };
  const [one, two] = [await write(1), await write(2)];
  assert.deepEqual(one.sizes, two.sizes);
  for (const name of readdirSync(one.place))
    assert.ok(readFileSync(join(one.place, name)).equals(readFileSync(join(two.place, name))), name);
  const index = openHnswFiles(one.place, dim, one.sizes);
  let found = 0;
  for (let row = 0; row < rows; row += 301) {
    const question = vectors.subarray(row * dim, (row + 1) * dim);
    const answers = index.search(question, 10);
    assert.equal(answers[0].row, row);
    assert.ok(Math.abs(answers[0].similarity - 1) < 1e-3);
    const exact = exactNearest(vectors, dim, question, 10);
    found += answers.filter((answer) => exact.includes(answer.row)).length;
  }
  assert.ok(found >= 0.95 * 10 * Math.ceil(rows / 301), String(found));
});

test("a shard that is missing, cut or of other vectors is refused", async () => {
  const place = mkdtempSync(join(folder, "broken-"));
  const writer = createHnswWriter(place, { dim: 4, threads: 1 });
  await writer.add(clustered(100, 4, 3));
  const sizes = await writer.finish();
  await writer.close();
  const [name] = readdirSync(place);
  const bytes = readFileSync(join(place, name));
  assert.throws(() => openHnswFiles(place, 5, sizes), UserError);
  assert.throws(() => openHnswFiles(place, 4, [...sizes, 10]), /is missing/);
  writeFileSync(join(place, name), bytes.subarray(0, 500));
  assert.throws(() => openHnswFiles(place, 4, sizes), /has 500 bytes, not/);
  assert.throws(() => openHnswFiles(place, 4, [500]), /is damaged/);
});
