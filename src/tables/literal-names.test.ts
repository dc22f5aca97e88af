// A name that exists is that file, in every format, whatever its letters mean to a pattern, a shell or DuckDB.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { folder, score } from "../../test/table-files.js";
import { checkOutputs } from "./outputs.js";
import { readTexts } from "./read-rows.js";
import { openTable } from "./source.js";
import { streamTexts } from "./stream-texts.js";
import { nearestVectorRows } from "./vector-rows.js";

const usual = process.cwd();
const files = new Map<string, readonly [right: Uint8Array, wrong: Uint8Array]>();

before(async () => {
  const both = (make: (text: string) => string | Uint8Array) =>
    ["right", "wrong"].map((text) => Buffer.from(make(text))) as [Buffer, Buffer];
  files.set(
    "csv",
    both((text) => `text,n\n${text},1\n`),
  );
  files.set(
    "tsv",
    both((text) => `text\tn\n${text}\t1\n`),
  );
  files.set(
    "csv.gz",
    both((text) => gzipSync(`text,n\n${text},1\n`)),
  );
  files.set(
    "sep.csv.gz",
    both((text) => gzipSync(`sep=;\ntext;n\n${text};1\n`)),
  );
  files.set(
    "json",
    both((text) => `[{"text":"${text}"}]`),
  );
  files.set(
    "jsonl",
    both((text) => `{"text":"${text}"}\n`),
  );
  files.set(
    "json.gz",
    both((text) => gzipSync(`[{"text":"${text}"}]`)),
  );
  files.set(
    "txt",
    both((text) => text),
  );
  files.set(
    "txt.gz",
    both((text) => gzipSync(text)),
  );
  for (const ending of ["parquet", "duckdb"]) {
    const made: Buffer[] = [];
    for (const text of ["right", "wrong"]) {
      const path = join(folder, `${text}.${ending}`);
      const instance = await DuckDBInstance.create(ending === "duckdb" ? path : ":memory:");
      const connection = await instance.connect();
      const rows = `SELECT '${text}' AS text, [1, 0]::FLOAT[2] AS vector`;
      await connection.run(ending === "duckdb" ? `CREATE TABLE t AS ${rows}` : `COPY (${rows}) TO '${path}'`);
      connection.closeSync();
      instance.closeSync();
      made.push(readFileSync(path));
    }
    files.set(ending, made as [Buffer, Buffer]);
  }
});

/** A name, and one that it would match as a pattern. */
const names: readonly (readonly [string, string])[] = [
  ["d[1]", "d1"],
  ["~x", "x"],
  ["s3:x", "x"],
  ["a*", "ab"],
  ["q?", "qa"],
  ["{a,b}", "a"],
  ["f[1]/x", "f1/x"],
  ["g*/d[1]", "ga/d1"],
  ["x=1/y=2/a", "a"],
  ["x=1/[a]", "x=1/a"],
  ["b\\c[1]", "b\\c1"],
  ["b\\c", "c"],
  ['it\'s "so"', "its so"],
  ["%41", "A"],
  ["~", "home"],
  ["end ", "end"],
  [" start", "start"],
  ["new\nline", "new line"],
  ["http://a.b/c", "c"],
  ["-x", "x"],
];

test("a name that exists is that file, in every format", async () => {
  process.chdir(folder);
  try {
    for (const [i, [name, other]] of names.entries()) {
      if (process.platform === "win32" && /[*?:"\\\n]| $|^ /.test(name)) continue;
      for (const [ending, [right, wrong]] of files) {
        if (i > 2 && !["csv", "parquet", "duckdb"].includes(ending)) continue;
        const [path, decoy] = [`${name}.${ending}`, `${other}.${ending}`];
        for (const one of [path, decoy]) mkdirSync(dirname(one), { recursive: true });
        writeFileSync(decoy, wrong);
        writeFileSync(path, right);
        for (const given of ending === "csv" ? [path, join(folder, path)] : [path]) {
          const table = await openTable({ path: given });
          const columns = table.columns.map((column) => column.name);
          assert.ok(!columns.includes("x"), `${given} has no column x`);
          assert.deepEqual(await readTexts(table, ["text"]), ["right"], given);
          const streamed: string[] = [];
          for await (const { texts } of streamTexts(table, { text: ["text"] })) streamed.push(...texts);
          assert.deepEqual(streamed, ["right"], given);
          if (ending.startsWith("txt")) assert.deepEqual(await readTexts(table, ["file"]), [given]);
          table.close();
        }
        await assert.rejects(checkOutputs({ inputs: [path], outputs: [path] }), /is an input, so it is not written/);
        await checkOutputs({ inputs: [path], outputs: [decoy] });
        if (ending === "parquet") {
          const rows = { path, dim: 2, text: ["text"] };
          assert.equal((await nearestVectorRows(rows, new Float32Array([1, 0]), 1))[0].text, "right");
        }
        for (const one of [path, decoy]) rmSync(one);
      }
    }
  } finally {
    process.chdir(usual);
  }
});

test("a pattern is one where no such file exists, also in a folder whose name looks like one", async () => {
  process.chdir(folder);
  try {
    for (const [path, text] of Object.entries({
      "h[1]/a1": "one",
      "h[1]/a2": "two",
      "h1/a1": "wrong",
      "h1/b[x]": "odd",
    })) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(`${path}.csv`, `text\n${text}\n`);
    }
    const textsOf = async (path: string) => {
      const table = await openTable({ path });
      const texts = await readTexts(table, ["text"]);
      table.close();
      return texts;
    };
    assert.deepEqual(await textsOf("h[1]/a[12].csv"), ["one", "two"]);
    assert.deepEqual(await textsOf(join(folder, "h[1]", "a?.csv")), ["one", "two"]);
    assert.deepEqual(await textsOf("h[2]/../h1/*.csv").catch((error: Error) => error.message.slice(0, 8)), "No file ");
    assert.deepEqual(await textsOf("h?/b*.csv"), ["odd"]);
    assert.deepEqual(await textsOf("./h1/*.csv"), ["wrong", "odd"]);
  } finally {
    process.chdir(usual);
  }
});

test("a result goes to the file that is named", async () => {
  process.chdir(folder);
  try {
    mkdirSync("out[1]");
    mkdirSync("out1");
    writeFileSync("in.csv", "text\na\n");
    for (const ending of ["csv", "csv.gz", "jsonl", "parquet"]) {
      const outPath = `out[1]/r*.${ending}`;
      writeFileSync(`out[1]/ra.${ending}`, "as it was");
      await score({ path: "in.csv" }, outPath);
      await score({ path: "in.csv" }, outPath);
      assert.equal(readFileSync(`out[1]/ra.${ending}`, "utf8"), "as it was");
      const table = await openTable({ path: outPath });
      assert.deepEqual(await readTexts(table, ["length"]), ["1.0"]);
      table.close();
    }
  } finally {
    process.chdir(usual);
  }
});
