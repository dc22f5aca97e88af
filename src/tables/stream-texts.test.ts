import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { UserError } from "../base/errors.js";
import { readTextAndLabels } from "./read-rows.js";
import { openTable } from "./source.js";
import { streamTexts, type TextBatch } from "./stream-texts.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-texts-test-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, data: string | Uint8Array): string {
  writeFileSync(join(folder, name), data);
  return join(folder, name);
}

async function batches(path: string, text: string[] = []): Promise<TextBatch[]> {
  const table = await openTable({ path });
  try {
    const found: TextBatch[] = [];
    for await (const batch of streamTexts(table, { text })) found.push(batch);
    return found;
  } finally {
    table.close();
  }
}

test("text files: a file is a text, whatever its lines; zipped and with a byte order mark too", async () => {
  file("a.txt", "\ufeffone\n\ntwo 😀\r\n");
  file("b.txt", "");
  file("c.txt", " c ");
  assert.deepEqual(await batches(join(folder, "?.txt")), [
    { texts: ["one\n\ntwo 😀\r\n", "", " c "], continues: false },
  ]);
  assert.deepEqual(await batches(file("d.txt.gz", gzipSync("zipped 'é'"))), [
    { texts: ["zipped 'é'"], continues: false },
  ]);
});

test("text files are tables too: columns file and text", async () => {
  const path = file("e.txt", "\ufeffE");
  file("e2.txt.gz", gzipSync("zipped"));
  const one = await openTable({ path });
  assert.deepEqual(
    one.columns.map(({ name }) => name),
    ["file", "text"],
  );
  const rows = await readTextAndLabels(one, { text: ["text"], label: "file" });
  assert.deepEqual([rows.texts, rows.labels], [["E"], [path]]);
  one.close();
  const zipped = await openTable({ path: join(folder, "e*.txt.gz"), query: "SELECT upper(text) AS t FROM input" });
  assert.deepEqual((await readTextAndLabels(zipped, { text: ["t"] })).texts, ["ZIPPED"]);
  zipped.close();
});

test("a long text file comes in pieces, cut before white space and nowhere else", async () => {
  const words = Array.from({ length: 900_000 }, (_, i) => `wörd${i % 7}${i % 5 === 0 ? "  " : "\n"}`).join("");
  const path = file("long.txt", words);
  const found = await batches(path);
  assert.ok(found.length > 2);
  assert.equal(found.flatMap(({ texts }) => texts).join(""), words);
  for (const [i, { texts, continues }] of found.entries()) {
    assert.equal(continues, i + 1 < found.length);
    if (i > 0) assert.match(texts[0], /^\s/);
    if (continues) assert.match(texts.at(-1)!, /\S$/);
  }
});

test("rows of a table: empty ones too, in small batches", async () => {
  const rows = Array.from({ length: 5000 }, (_, i) => (i % 3 === 0 ? null : "x".repeat(i)));
  const path = file("rows.jsonl", rows.map((text) => JSON.stringify({ text, i: 1 })).join("\n"));
  const found = await batches(path, ["text"]);
  assert.deepEqual(
    found.flatMap(({ texts }) => texts),
    rows.map((text) => text ?? ""),
  );
  assert.ok(found.every(({ texts }) => texts.join("").length < 1 << 22));
});

test("what can be wrong: a byte that is no UTF-8, a cut character, a wrong column, damaged gzip", async () => {
  const fails = async (path: string, pattern: RegExp, text: string[] = []) =>
    assert.rejects(batches(path, text), (error: Error) => error instanceof UserError && pattern.test(error.message));
  await fails(file("bad.txt", Buffer.from([0x61, 0x0a, 0x62, 0xe9, 0x20])), /bad\.txt, line 2: not UTF-8.*iconv/);
  await fails(file("cut.txt", Buffer.from("a😀").subarray(0, 3)), /cut\.txt, line 1: not UTF-8/);
  await fails(file("f.txt", "f"), /Column 'body' is not in .*columns are file, text/, ["body"]);
  await fails(file("rows.csv", "a,b\n1,2\n"), /No text column is specified/);
  await fails(file("g.txt.gz", gzipSync("damaged".repeat(1000)).subarray(0, 20)), /damaged or not a gzip/);
});

test("rows that need more memory than streaming takes are read all the same, and none comes twice", async () => {
  // Enough row groups that some have come before the last is begun.
  const [small, rows] = [100 * 2048, 101 * 2048];
  const path = join(folder, "groups.parquet");
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const text = `CASE WHEN i < ${small} THEN 'row ' || i ELSE repeat(i || ' ', 10000) END`;
  await connection.run(
    `COPY (SELECT ${text} AS text FROM range(${rows}) r(i)) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
  );
  connection.closeSync();
  instance.closeSync();
  const starts = (await batches(path, ["text"])).flatMap(({ texts }) => texts.map((one) => one.slice(0, 8)));
  assert.deepEqual(
    starts,
    Array.from({ length: rows }, (_, i) => (i < small ? `row ${i}`.slice(0, 8) : `${i} ${i}`.slice(0, 8))),
  );
});

test("an error behind the first rows is one, not the end of the rows", async () => {
  const path = file("any.csv", "text\na\n");
  const query =
    "SELECT CASE WHEN i = 900000 THEN error('no such row') ELSE i::VARCHAR END AS text FROM range(1000000) r(i)";
  const table = await openTable({ path, query });
  let rows = 0;
  await assert.rejects(async () => {
    for await (const { texts } of streamTexts(table, { text: ["text"] })) rows += texts.length;
  }, /no such row/);
  assert.ok(rows > 0 && rows < 900_000, `${rows}`);
  await assert.rejects(readTextAndLabels(table, { text: ["text"] }), /no such row/);
  table.close();
});
