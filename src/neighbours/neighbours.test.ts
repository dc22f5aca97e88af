import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { UserError } from "../base/errors.js";
import { createRandom } from "../base/random.js";
import { checkHnswFiles, createHnswWriter, openHnswFiles } from "./hnsw-files.js";
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
  assert.throws(() => openHnswFiles(place, 4, [500]), /could not be opened/);
  assert.throws(() => checkHnswFiles(place, 4, 100, [500]), {
    name: "UserError",
    message: /is damaged: it has 500 bytes, too few/,
  });
});

test("a file is checked before its numbers are followed: each fault is named", async () => {
  const place = mkdtempSync(join(folder, "faults-"));
  const [rows, dim] = [300, 4];
  const writer = createHnswWriter(place, { dim, threads: 1, rowsPerShard: 200 });
  await writer.add(clustered(rows, dim, 3));
  const sizes = await writer.finish();
  await writer.close();
  checkHnswFiles(place, dim, rows, sizes);
  const path = join(place, "hnsw-0001.usearch");
  const whole = readFileSync(path);
  const head = 8 + 100 * dim * 2;
  const graph = head + 64 + 40;
  const firstNode = graph + 2 * 100;
  const refused = (message: RegExp, change: (bytes: Buffer) => Buffer | unknown) => {
    const bytes = Buffer.from(whole);
    const changed = change(bytes);
    writeFileSync(path, changed instanceof Buffer ? changed : bytes);
    const now = [sizes[0], changed instanceof Buffer ? changed.length : sizes[1]];
    assert.throws(() => checkHnswFiles(place, dim, rows, now), { name: "UserError", message });
  };
  refused(/does not begin as an index/, (bytes) => bytes.writeUInt32LE(101, 0));
  refused(/too few for 60000 rows/, (bytes) => bytes.writeUInt32LE(60000, 0));
  refused(/has 70000 rows, not 1 to 65536/, (bytes) => bytes.writeUInt32LE(70000, 0));
  refused(/it is too short/, (bytes) => bytes.subarray(0, 50));
  refused(/not of 4 dimensions/, (bytes) => bytes.writeUInt8(bytes[6] ^ 1, 6));
  refused(/not a finite number/, (bytes) => bytes.writeUInt16LE(0x7c01, 8 + 2));
  refused(/not a finite number/, (bytes) => bytes.writeUInt16LE(0xfc00, head - 4));
  refused(/does not begin as an index/, (bytes) => bytes.write("U", head));
  refused(/another version/, (bytes) => bytes.writeUInt16LE(3, head + 7));
  refused(/kind of metric/, (bytes) => bytes.write("e", head + 13));
  refused(/kind of scalar/, (bytes) => bytes.writeUInt8(11, head + 14));
  refused(/number of rows is contradictory/, (bytes) => bytes.writeUInt32LE(101, head + 64));
  refused(/connectivity/, (bytes) => bytes.writeUInt32LE(64, head + 64 + 16));
  refused(/begin beyond its rows/, (bytes) => bytes.writeUInt32LE(100, head + 64 + 32));
  refused(/begin below the highest level/, (bytes) => bytes.writeUInt32LE(60, head + 64 + 24));
  refused(/has 900 levels, more than 64/, (bytes) => bytes.writeUInt32LE(900, head + 64 + 24));
  refused(/is on level -1/, (bytes) => bytes.writeInt16LE(-1, graph));
  refused(/not the \d+ of its levels/, (bytes) => bytes.subarray(0, -1));
  refused(/not the \d+ of its levels/, (bytes) => Buffer.concat([bytes, Buffer.alloc(1)]));
  refused(/row 200 has the number 201/, (bytes) => bytes.writeUInt8(201, firstNode));
  refused(/is on two levels/, (bytes) => bytes.writeUInt8(bytes[firstNode + 8] + 1, firstNode + 8));
  refused(/has 33 neighbours on level 0, more than 32/, (bytes) => bytes.writeUInt32LE(33, firstNode + 10));
  refused(/has a neighbour that is not on level 0/, (bytes) => bytes.writeUInt32LE(100, firstNode + 14));
  writeFileSync(path, whole);
  assert.throws(() => checkHnswFiles(place, dim, rows + 1, sizes), /has 300 rows, not 301/);
  checkHnswFiles(place, dim, rows, sizes);
});
