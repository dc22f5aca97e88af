// Files of kilobytes that hold gigabytes, and tables of absurd shapes: an error that says so, in little memory and time.
import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { readGolden } from "../../test/golden/read.js";
import { fails, file, folder, passed, read, score } from "../../test/table-files.js";
import { bounded } from "./bounded.js";
import { openDatabase } from "./database.js";
import { openTable } from "./source.js";

const { cases } = readGolden<{ file: string }>("parquet-bombs");
/** Growth of the process that is still no bomb. */
const mostGrowth = 1.5 * 2 ** 30;
let start = 0;
before(() => {
  start = process.memoryUsage.rss();
});

/** The highest resident memory so far. */
const peak = () => process.resourceUsage().maxRSS * 1024;

test("Parquet files whose texts are long, or one for all rows", async () => {
  for (const one of cases) {
    const path = file(`${one.case}.parquet`, Buffer.from(one.file, "base64"));
    await fails(() => score({ path }, join(folder, "out.csv")), /larger than|too large|damaged/);
    await fails(
      () => read({ path, query: "SELECT *, 'x' AS label FROM input" }, ["text"], "label"),
      /larger than|too large|damaged/,
    );
  }
  assert.ok(peak() - start < mostGrowth, `${peak() - start} bytes`);
});

test("zipped files that end in no line", async () => {
  // The parts of a gzip file may be zipped one by one.
  const zip = (part: string | Buffer) => gzipSync(part, { level: 1 });
  const [long, blank] = ["a", " "].map((letter) => zip(Buffer.alloc(66 << 20, letter)));
  const zipped = (before: string, middle: Buffer, after = "") => Buffer.concat([zip(before), middle, zip(after)]);
  await fails(
    () => openTable({ path: file("cell.csv.gz", zipped("text,n\n", long)) }),
    /line 2: this record is longer than 64 MB/,
  );
  await fails(() => openTable({ path: file("open.csv.gz", zipped('text,n\n"', long)) }), /longer than 64 MB.*quote/);
  await fails(() => openTable({ path: file("head.csv.gz", zipped("", long)) }), /first line is longer than 4 MB/);
  await fails(
    () => openTable({ path: file("key.json.gz", zipped('{"', long, '":1}')) }),
    /line 1: an object is larger than 64 MB/,
  );
  await fails(
    () => openTable({ path: file("key.jsonl.gz", zipped('{"text":"a"}\n{"', long, '":1}')) }),
    /line 2: .*larger than 64 MB/,
  );
  await fails(() => openTable({ path: file("blank.jsonl.gz", zipped('{"text":"a"}\n', blank)) }), /larger than 64 MB/);
  assert.ok(peak() - start < mostGrowth, `${peak() - start} bytes`);
});

test("tables of very many columns, and values nested very deeply", async () => {
  const names = Array.from({ length: 20_000 }, (_, i) => `c${i}`);
  await fails(() => openTable({ path: file("wide.csv", `${names}\n${names}\n`) }), /has 20000 columns; at most 10000/);
  const deep = (open: string, close: string, depth: number) =>
    `{"text":"a","d":${open.repeat(depth)}1${close.repeat(depth)}}\n`;
  await fails(() => openTable({ path: file("deep.jsonl", deep("[", "]", 100_000)) }), /nested too deeply/);
  await fails(() => openTable({ path: file("deep.json", deep('{"a":', "}", 100_000)) }), /nested too deeply/);
  const pairs: [string, string][] = [
    ["[", "]"],
    ['{"a":', "}"],
  ];
  for (const [open, close] of pairs)
    for (const ending of ["jsonl", "csv", "parquet"]) {
      const path = file("nested.jsonl", deep(open, close, 450));
      const { lines, rows } = await passed({ path }, ending);
      assert.ok(String(lines ?? rows).includes(close.repeat(450)), ending);
    }
});

test("a statement that takes too much memory, or fills the disk, is ended", async () => {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const endless = "SELECT count(*) FROM range(1000000000000) a(i) WHERE hash(i) = 1";
  const aside = file("aside", "x");
  const interrupt = () => connection.interrupt();
  const filling = bounded({ interrupt }, { description: "a.csv", bytes: 0, aside, mostAside: 0 }, () =>
    connection.run(endless),
  );
  await fails(() => filling, /a\.csv holds more than 1000 times its own size/);
  const growing = bounded({ interrupt }, { description: "a.csv", bytes: 1, mostMemory: -(2 ** 40) }, () =>
    connection.run(endless),
  );
  await fails(() => growing, /a\.csv needs more than .* of memory/);
  connection.closeSync();
  instance.closeSync();
  const database = await openDatabase();
  await assert.rejects(
    Promise.all([
      database.connection.run(endless),
      new Promise((resolve) => setTimeout(() => resolve(database.interrupt()), 100)),
    ]),
    /INTERRUPT/,
  );
  database.close();
});
