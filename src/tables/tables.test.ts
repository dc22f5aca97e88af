import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { after, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { UserError } from "../base/errors.js";
import { appendColumns, type Score } from "./append-columns.js";
import { readTextAndLabels } from "./read-rows.js";
import { openTable, type TableSource } from "./source.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-tables-test-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, data: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, data);
  return path;
}

async function read(source: TableSource, text: string[], label?: string) {
  const table = await openTable(source);
  try {
    return await readTextAndLabels(table, { text, label });
  } finally {
    table.close();
  }
}

async function fails(work: () => Promise<unknown>, ...patterns: RegExp[]) {
  await assert.rejects(work, (error: Error) => {
    assert.ok(error instanceof UserError, error.stack);
    for (const pattern of patterns) assert.match(error.message, pattern);
    assert.doesNotMatch(error.message, /LINE 1:|Possible|\n/);
    return true;
  });
}

const lengths: Score = async (texts) => [texts.map((text) => text?.length ?? null)];

async function score(source: TableSource, outPath: string, text = ["text"], name = "length") {
  const table = await openTable(source);
  try {
    return await appendColumns(table, { text, outPath, newColumns: [{ name, type: "DOUBLE" }] }, lengths);
  } finally {
    table.close();
  }
}

test("CSV: quotes, line breaks, spellings, empty and NULL values", async () => {
  const path = file(
    "a.csv",
    'text,label\r\n"he said ""hi""\r\nnew, line",007\r\n,1\r\n"  ",2\r\n#ok,NULL\r\nlast,\r\n',
  );
  assert.deepEqual(await read({ path }, ["text"], "label"), {
    texts: ['he said "hi"\r\nnew, line', "#ok"],
    labels: ["007", "NULL"],
    total: 5,
    skippedEmptyText: 2,
    skippedEmptyLabel: 1,
  });
});

test("delimiters, byte order mark, one column, no final line break, wide records", async () => {
  assert.deepEqual((await read({ path: file("s.csv", "\ufefftext;label\na, b;c\n") }, ["text"], "label")).texts, [
    "a, b",
  ]);
  assert.deepEqual((await read({ path: file("t.tsv", "text\tlabel\na, b\tc") }, ["text"], "LABEL")).labels, ["c"]);
  assert.deepEqual((await read({ path: file("one.csv", "text\nhello world\nfoo") }, ["text"])).texts, [
    "hello world",
    "foo",
  ]);
  const long = "word ".repeat(1_000_000);
  assert.equal((await read({ path: file("long.csv", `text\n"${long}"\nb\n`) }, ["text"])).texts[0], long);
});

test("text columns are joined by a newline, NULLs left out", async () => {
  const path = file("j.csv", "a,b\nx,y\n,z\nw,\n,\n");
  const { texts, skippedEmptyText } = await read({ path }, ["a", "b"]);
  assert.deepEqual(texts, ["x\ny", "z", "w"]);
  assert.equal(skippedEmptyText, 1);
});

test("JSON, Parquet, gzip, patterns and standard input", async () => {
  const json = file("d.jsonl", '{"text":"a","when":"2020-01-01T00:00:00Z","n":1}\n{"text":"b","when":null,"n":2}\n');
  assert.deepEqual((await read({ path: json }, ["text"], "when")).labels, ["2020-01-01T00:00:00Z"]);
  assert.deepEqual((await read({ path: json }, ["text"], "n")).labels, ["1", "2"]);
  const array = file("d.json.gz", gzipSync('[{"text":"a"},{"text":"b"}]'));
  assert.deepEqual((await read({ path: array }, ["text"])).texts, ["a", "b"]);
  await score({ path: json }, join(folder, "d.parquet"));
  assert.deepEqual((await read({ path: join(folder, "d.parquet") }, ["text"], "length")).labels, ["1", "1"]);
  file("part1.csv", "text\na\n");
  file("part2.csv", "text\nb\n");
  assert.deepEqual((await read({ path: join(folder, "part*.csv") }, ["text"])).texts, ["a", "b"]);
  const table = await openTable({ path: "-" }, { stdin: Readable.from(["text,label\n", "a,b\n"]) });
  assert.deepEqual((await readTextAndLabels(table, { text: ["text"], label: "label" })).labels, ["b"]);
  table.close();
});

test("queries select from input; DuckDB files by table or query", async () => {
  const path = file("q.csv", "text,label\na,1\nb,2\nc,3\n");
  const query = "SELECT text AS t, label FROM input WHERE label <> '2' ORDER BY label DESC; ";
  assert.deepEqual((await read({ path, query }, ["t"])).texts, ["c", "a"]);
  const database = join(folder, "two.duckdb");
  const instance = await DuckDBInstance.create(database);
  const connection = await instance.connect();
  await connection.run("CREATE TABLE reviews AS SELECT 'r' || i AS text, i % 2 AS label FROM range(5) t(i)");
  await connection.run("CREATE TABLE mails AS SELECT 'm' AS text");
  connection.closeSync();
  instance.closeSync();
  assert.deepEqual((await read({ path: database, table: "reviews" }, ["text"], "label")).labels, [
    "0",
    "1",
    "0",
    "1",
    "0",
  ]);
  const counted = await read({ path: database, query: "SELECT text FROM reviews WHERE label = 1 -- odd" }, ["text"]);
  assert.deepEqual(counted.texts, ["r1", "r3"]);
  await score({ path: database, table: "reviews" }, join(folder, "reviews.csv"));
  assert.equal(readFileSync(join(folder, "reviews.csv"), "utf8").split("\n")[2], "r1,1,2.0");
  await fails(() => openTable({ path: database }), /mails, reviews/);
  await fails(() => openTable({ path: database, table: "review" }), /'review'.*Did you mean 'reviews'/);
  await fails(() => openTable({ path, table: "reviews" }), /reviews/, /single table/);
  await fails(() => openTable({ path, query: "SELEC 1" }), /query/);
  await fails(() => openTable({ path, query: "SELECT nope FROM input" }), /nope/);
  await fails(() => openTable({ path, query: "SELECT 1; SELECT 2" }), /query/);
  await fails(() => read({ path, query: "SELECT * FROM input WHERE false" }, ["text"]), /no rows/);
  await fails(() => openTable({ path, query: "SELECT * FROM 'https://example.com/a.csv'" }), /local file/);
});

test("what can be wrong with a file", async () => {
  await fails(() => openTable({ path: join(folder, "none.csv") }), /no file .*none\.csv/);
  await fails(() => openTable({ path: join(folder, "nofolder", "none.csv") }), /the folder .*nofolder' does not exist/);
  file("customers.csv", "text\na\n");
  await fails(() => openTable({ path: join(folder, "custmers.csv") }), /Did you mean 'customers.csv'/);
  await fails(() => openTable({ path: "-" }, { stdin: Readable.from([]) }), /Standard input is empty/);
  await fails(
    () => read({ path: file("blank.csv", 'text,label\n,a\n" ",b\n') }, ["text"]),
    /'text' is empty in all 2 rows/,
  );
  await fails(() => read({ path: file("nolabel.csv", "text,label\na,\n,b\n") }, ["text"], "label"), /no row with both/);
  await fails(
    () => read({ path: file("line2.jsonl", '{"text":"a"}\n{"text":"b"\n{"text":"c"}\n') }, ["text"]),
    /line 2 is not JSON/,
  );
  await fails(() => read({ path: file("half.jsonl", '{"text":"\\ud800"}\n') }, ["text"]), /half of a surrogate pair/);
  await fails(() => openTable({ path: join(folder, "none*.csv") }), /No file matches/);
  await fails(() => openTable({ path: folder }), /folder/);
  await fails(() => openTable({ path: "https://example.com/a.csv" }), /Download/);
  await fails(() => openTable({ path: file("a.xlsx", "x") }), /a\.xlsx.*\.parquet/);
  await fails(() => openTable({ path: file("empty.csv", "") }), /empty/);
  await fails(() => read({ path: file("header.csv", "text,label\n") }, ["text"]), /no rows, only column names/);
  await fails(() => read({ path: file("empty.jsonl", "") }, ["text"]), /no rows/);
  await fails(() => openTable({ path: file("dup.csv", "text,label,text\na,b,c\n") }), /'text' appears twice/);
  await fails(() => read({ path: file("utf16.jsonl", Buffer.from("\ufeff{}", "utf16le")) }, ["text"]), /UTF-16/);
  await fails(
    () => openTable({ path: file("cut.json", '[{"text":"a"},\n{"text":"b"') }),
    /line 2: the object .* not closed/,
  );
  await fails(
    () => openTable({ path: file("columns.json", '{"text":{"0":"a","1":"b"}}') }),
    /object containing columns.*orient="records"/,
  );
  await fails(() => openTable({ path: file("utf16.csv", Buffer.from("\ufefftext\na\n", "utf16le")) }), /UTF-16/);
  await fails(() => openTable({ path: file("bad.parquet", "PAR1xxxxxxxxxxPAR1") }), /bad\.parquet/);
  await fails(() => openTable({ path: file("bad.duckdb", "nope") }), /is not a DuckDB file, but text/);
  await fails(() => openTable({ path: file("bad.csv.gz", "text\na\n") }), /is not a gzip file, but plain text/);
  const cut = gzipSync("text,label\na,b\n".repeat(9999)).subarray(0, 60);
  await fails(() => openTable({ path: file("cut.csv.gz", cut) }), /damaged or not a gzip/);
  await fails(() => read({ path: file("bad.jsonl", '{"text":"x"}\n{"text"\n') }, ["text"]), /bad\.jsonl/);
  await fails(() => read({ path: file("scalar.jsonl", "1\n2\n") }, ["text"]), /scalar\.jsonl/);
  const good = `text,label\n${"a,b\n".repeat(3000)}`;
  await fails(
    () => read({ path: file("latin.csv", Buffer.from(`${good}caf\xe9,b\n`, "latin1")) }, ["text"]),
    /latin\.csv, line 3002: not UTF-8/,
  );
  await fails(
    () => read({ path: file("wide.csv", `${good}a,b,c\n`) }, ["text"]),
    /line 3002: 3 fields, but the header names 2 columns \(text, label\)/,
  );
  await fails(() => read({ path: file("narrow.csv", `${good}a\n`) }, ["text"]), /line 3002: 1 field,/);
  await fails(
    () => read({ path: file("open.csv", `${good}"a,b\nc,d\n`) }, ["text"]),
    /open\.csv, line 3002: a quote opened in this record is never closed/,
  );
  await fails(() => read({ path: file("ok.csv", good) }, ["txt"]), /'txt'.*text, label.*Did you mean 'text'/);
  await fails(() => read({ path: file("ok.csv", good) }, ["text"], "lable"), /Did you mean 'label'/);
});

test("scores go to every format, beside the columns as they were", async () => {
  const path = file("in.csv", 'id,text,length\n007,"a ""b""\nc",x\n008,,y\n');
  for (const ending of ["csv", "tsv", "csv.gz", "jsonl", "json", "json.gz", "parquet"]) {
    const outPath = join(folder, `out.${ending}`);
    assert.deepEqual(await score({ path }, outPath), { rows: 2, names: ["length_predicted"] });
    const { labels } = await read({ path: outPath }, ["id"], "length");
    assert.deepEqual(labels, ["x", "y"], ending);
  }
  assert.equal(
    readFileSync(join(folder, "out.csv"), "utf8"),
    'id,text,length,length_predicted\n007,"a ""b""\nc",x,7.0\n008,,y,\n',
  );
  assert.equal(
    gunzipSync(readFileSync(join(folder, "out.csv.gz"))).toString(),
    readFileSync(join(folder, "out.csv"), "utf8"),
  );
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.endsWith(".partial")),
    [],
  );
});

test("without a path the CSV goes to the stream, which stays open; a table may be scored twice", async () => {
  const table = await openTable({ path: file("out2.csv", "row,text\n1,a\n2,bb\n") });
  for (let i = 0; i < 2; i++) {
    const output = new PassThrough();
    await appendColumns(table, { text: ["text"], output, newColumns: [{ name: "n", type: "DOUBLE" }] }, lengths);
    assert.equal(output.read().toString(), "row,text,n\n1,a,1.0\n2,bb,2.0\n");
    assert.ok(output.writable);
  }
  table.close();
});

test("nothing is dropped in silence: an open quote in the last record, a cut gzip file that ends with a line", async () => {
  const rows = "a,b\n".repeat(5);
  await fails(() => openTable({ path: file("tail.csv", `text,label\n${rows}c,"d\n`) }), /line 7: .*never closed/);
  const zipped = gzipSync(`text,label\n${rows}`);
  await fails(() => openTable({ path: file("tail.csv.gz", zipped.subarray(0, -4)) }), /damaged/);
  await fails(() => openTable({ path: file("tail.jsonl.gz", gzipSync('{"text":"a"}\n').subarray(0, -4)) }), /damaged/);
});

test("mixed line ends, quotes after a backslash, one column with commas, blank lines", async () => {
  const mixed = file("mixed.csv", 'text,b\na,1\r\n"x\ny",2\nc,3\r\n\r\n');
  assert.deepEqual((await read({ path: mixed }, ["text"], "b")).texts, ["a", "x\ny", "c"]);
  const backslash = file("backslash.csv", 'text,b\n"he said \\"hi\\", ok",1\n"back\\\\slash",2\n');
  assert.deepEqual((await read({ path: backslash }, ["text"], "b")).texts, ['he said "hi", ok', "back\\slash"]);
  const one = await read({ path: file("commas.csv", 'text\nhello, you\n\n"quoted, too"\n') }, ["text"]);
  assert.deepEqual([one.texts, one.total], [["hello, you", "quoted, too"], 3]);
});

test("a label has one spelling, whatever type it is stored in", async () => {
  const path = join(folder, "types.parquet");
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT 't' AS text, 1::INTEGER AS i, 1::DOUBLE AS d, 1.50::DECIMAL(9, 2) AS e, 10::DECIMAL(9, 2) AS z,
      -0.0::DOUBLE AS n, 0.25::FLOAT AS f, true AS b, DATE '2026-01-31' AS day, ' x ' AS s, BLOB 'bytes' AS raw,
      TIMESTAMPTZ '2026-01-31 12:00:00+02' AS at) TO '${path}'`,
  );
  connection.closeSync();
  instance.closeSync();
  const expected = { i: "1", d: "1", e: "1.5", z: "10", n: "0", f: "0.25", b: "true", day: "2026-01-31", s: "x" };
  for (const [column, label] of Object.entries({ ...expected, at: "2026-01-31 10:00:00+00" }))
    assert.deepEqual((await read({ path }, ["text"], column)).labels, [label], column);
  assert.deepEqual((await read({ path }, ["raw"])).texts, ["bytes"]);
});

test("JSON: late fields, nested times as written, many keys, large objects", async () => {
  const lines = Array.from({ length: 300 }, (_, i) => JSON.stringify({ [`k${i}`]: i, text: `t${i}` }));
  const late = JSON.stringify({
    text: "late",
    text_1: "x",
    when: { at: "2020-01-01T00:00:00Z" },
    extra: "x".repeat(3_000_000),
  });
  const path = file("late.jsonl", `${lines.join("\n")}\n${late}\n`);
  assert.equal((await read({ path }, ["text"])).total, 301);
  assert.deepEqual((await read({ path }, ["when"])).texts, ["{'at': '2020-01-01T00:00:00Z'}"]);
  assert.equal((await read({ path }, ["extra"])).texts[0].length, 3_000_000);
});

test("standard input tells its format by its first bytes; its files go when the table closes", async () => {
  const usual = process.env.TMPDIR;
  process.env.TMPDIR = mkdtempSync(join(folder, "spool-"));
  for (const bytes of ["text\na\n", '\ufeff{"text":"a"}\n', '[ {"text":"a"}]', gzipSync("text\na\n")]) {
    const table = await openTable({ path: "-" }, { stdin: Readable.from([Buffer.from(bytes)]) });
    assert.deepEqual((await readTextAndLabels(table, { text: ["text"] })).texts, ["a"]);
    table.close();
  }
  assert.deepEqual(readdirSync(process.env.TMPDIR), []);
  if (usual === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = usual;
});

test("row order holds over many Parquet files, row groups and threads", async () => {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  for (let part = 0; part < 5; part++)
    await connection.run(
      `COPY (SELECT i AS id, 'text ' || i AS text FROM range(${part * 20_000}, ${(part + 1) * 20_000}) t(i))
        TO '${join(folder, `many-${part}.parquet`)}' (ROW_GROUP_SIZE 2048)`,
    );
  connection.closeSync();
  instance.closeSync();
  const table = await openTable({ path: join(folder, "many-*.parquet") });
  const outPath = join(folder, "ordered.parquet");
  const newColumns = [{ name: "copy", type: "VARCHAR" as const }];
  await appendColumns(table, { text: ["text"], outPath, newColumns }, async (texts) => [
    texts.map((one) => one!.slice(5)),
  ]);
  table.close();
  const { texts, labels } = await read({ path: outPath }, ["id"], "copy");
  assert.equal(texts.length, 100_000);
  assert.ok(texts.every((text, i) => text === String(i) && labels[i] === text));
});

test("long texts come in small batches; an abort stops between them and leaves nothing behind", async () => {
  const path = file("longer.csv", `text\n${`${"word ".repeat(200_000)}\n`.repeat(40)}`);
  const table = await openTable({ path });
  const stop = new AbortController();
  const outPath = join(folder, "stopped.csv");
  const sizes: number[] = [];
  const options = {
    text: ["text"],
    outPath,
    newColumns: [{ name: "n", type: "DOUBLE" as const }],
    signal: stop.signal,
  };
  const work = appendColumns(table, options, async (texts) => {
    sizes.push(texts.length);
    if (sizes.length === 2) stop.abort();
    return [texts.map(() => 1)];
  });
  await assert.rejects(work, { name: "CancelledError" });
  assert.deepEqual(sizes, [16, 16]);
  assert.equal(existsSync(outPath), false);
  table.close();
});

test("what can be wrong with the output; a failing scorer leaves nothing behind", async () => {
  const path = file("in2.csv", "text\na\n");
  await fails(() => score({ path }, join(folder, "missing", "out.csv")), /no folder .*missing/);
  await fails(() => score({ path }, join(folder, "out.xlsx")), /out\.xlsx/);
  mkdirSync(join(folder, "dir.csv"));
  await fails(() => score({ path }, join(folder, "dir.csv")), /is a folder/);
  if (process.getuid?.() !== 0) {
    mkdirSync(join(folder, "locked"));
    chmodSync(join(folder, "locked"), 0o500);
    await fails(() => score({ path }, join(folder, "locked", "out.csv")), /cannot be written/);
  }
  const table = await openTable({ path });
  const outPath = join(folder, "never.csv");
  const options = { text: ["text"], outPath, newColumns: [{ name: "n", type: "DOUBLE" as const }] };
  await assert.rejects(
    appendColumns(table, options, async () => {
      throw new Error("no answer");
    }),
    /no answer/,
  );
  await assert.rejects(
    appendColumns(table, options, async () => [[1, 2]]),
    /2 values for 1 rows/,
  );
  assert.equal(existsSync(outPath), false);
  await appendColumns(table, options, lengths);
  assert.equal(existsSync(outPath), true);
  table.close();
});

test("predictions stay on their rows over many chunks, with long and quoted texts between", async () => {
  const rows = Array.from(
    { length: 50_000 },
    (_, i) => `${i},"text ${i}\n${i % 1000 === 0 ? "y".repeat(50_000) : ""}"`,
  );
  const path = file("many.csv", `id,text\n${rows.join("\n")}\n`);
  const table = await openTable({ path });
  const seen: number[] = [];
  await appendColumns(
    table,
    { text: ["text"], outPath: join(folder, "many.parquet"), newColumns: [{ name: "number", type: "VARCHAR" }] },
    async (texts) => [texts.map((text) => /\d+/.exec(text!)![0])],
    (done) => seen.push(done),
  );
  table.close();
  const { texts, labels } = await read({ path: join(folder, "many.parquet") }, ["id"], "number");
  assert.deepEqual(labels, texts);
  assert.deepEqual(
    texts,
    rows.map((_, i) => String(i)),
  );
  assert.equal(seen.at(-1), 50_000);
});

test("property: any strings pass through CSV, and every answer stays on its row", async () => {
  const strings = fc.array(
    fc.tuple(
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: fc.constantFrom('"', ",", "\n", "\r", "'", "a", ";") }),
    ),
    { minLength: 1, maxLength: 40 },
  );
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(strings, async (pairs) => {
      const expected = pairs
        .map((pair) => pair.filter((text) => text !== "").join("\n"))
        .filter((text) => text.trim() !== "");
      fc.pre(expected.length > 0);
      const path = file("p.csv", `a,b\n${pairs.map((pair) => pair.map(quote).join(",")).join("\n")}\n`);
      const table = await openTable({ path });
      const newColumns = [{ name: "copy", type: "VARCHAR" as const }];
      const outPath = join(folder, "p.out.csv");
      await appendColumns(table, { text: ["a", "b"], outPath, newColumns }, async (texts) => [texts]);
      table.close();
      const back = await openTable({ path: outPath });
      const joined = await readTextAndLabels(back, { text: ["a", "b"] });
      const copies = await readTextAndLabels(back, { text: ["copy"] });
      back.close();
      assert.deepEqual(joined.texts, expected);
      assert.deepEqual(copies.texts, expected);
    }),
    { numRuns: 20 },
  );
});

test("property: any strings pass through JSON Lines and Parquet", async () => {
  const unit = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), fc.constant("2020-01-01"));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(unit, fc.option(unit)), { minLength: 1, maxLength: 30 }), async (rows) => {
      const expected = rows.map(([text]) => text).filter((text) => text.trim() !== "");
      fc.pre(expected.length > 0);
      const lines = rows.map(([text, other]) => JSON.stringify({ text, other }));
      const path = file("p.jsonl", `${lines.join("\n")}\n`);
      assert.deepEqual((await read({ path }, ["text"])).texts, expected);
      const outPath = join(folder, "p.parquet");
      await score({ path }, outPath);
      assert.deepEqual((await read({ path: outPath }, ["text"])).texts, expected);
    }),
    { numRuns: 12 },
  );
});

interface Passed {
  lines?: string[];
  types?: Record<string, string>;
  rows?: unknown[][];
  said: string[];
}

/** Lines or rows of the output, and what was said. */
async function passed(source: TableSource, ending: string): Promise<Passed> {
  const outPath = join(folder, `passed.${ending}`);
  const said: string[] = [];
  const table = await openTable(source);
  const newColumns = [{ name: "n", type: "INTEGER" as const }];
  const options = { text: ["text"], outPath, newColumns, onMessage: (message: string) => said.push(message) };
  await appendColumns(table, options, async (texts) => [texts.map(() => 1)]);
  table.close();
  if (ending !== "parquet") return { lines: readFileSync(outPath, "utf8").trimEnd().split("\n"), said };
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const found = await connection.runAndReadAll(`FROM '${outPath}'`);
  const types = Object.fromEntries(
    found.columnNames().map((name, i) => [name, found.columnType(i).alias ?? String(found.columnType(i))]),
  );
  const answer = { types, rows: found.getRowsJson(), said };
  connection.closeSync();
  instance.closeSync();
  return answer;
}

test("JSON passes through as it is written, whatever its fields hold", async () => {
  const lines = [
    '{"text":"a","m":1,"s":{"a":1},"id":9007199254740993}',
    '{"text": "b", "m": "1", "s": {"b": 0.10}, "id": -5, "d": 1e5}',
    '{"d":0.10,"text":"c\\u00e9","m":[1],"m2":null,"A":1,"a":2,"":3}',
    '{"text":"d","m":{"z":1,"z":1E2},"big":123456789012345678901234567890,"x":1,"x":2}',
    '{"text":"e","m":null,"n":NaN}',
  ];
  const path = file("mixed.jsonl", lines.join("\n"));
  const out = await passed({ path }, "jsonl");
  assert.deepEqual(
    out.lines,
    lines.map((line) => line.replace(/}$/, ',"n_predicted":1}')),
  );
  const pretty = file("pretty.json", '[\n  {"text": "a",\n   "m": [1.0,\n 2]},\n  {"text": "b"}\n]\n');
  assert.deepEqual(
    (await passed({ path: pretty }, "json")).lines?.join("\n"),
    '[\n{"text": "a",\n   "m": [1.0,\n 2],"n":1},\n{"text": "b","n":1}\n]',
  );
  assert.deepEqual((await passed({ path: pretty }, "jsonl")).lines, [
    '{"text": "a", "m": [1.0, 2],"n":1}',
    '{"text": "b","n":1}',
  ]);
  await fails(() => passed({ path }, "csv"), /field 'x' occurs twice.*\.jsonl/);
});

test("JSON to Parquet: a type where it holds every value, JSON text otherwise; to CSV as it is spelt", async () => {
  const path = file(
    "shapes.jsonl",
    '{"text":"a","i":9007199254740993,"u":18446744073709551615,"b":true,"d":0.10,"h":99999999999999999999999999999999999999,"s":{"a":1,"b":["x"]},"l":[1,2.5],"m":1,"v":{"k1":1},"p":0.12345678901234567890}\n' +
      '{"text":"b","i":-1,"u":7,"b":null,"d":1e5,"h":1,"s":{"a":2,"b":[]},"l":[],"m":"1","v":{"k2":2},"p":1}\n',
  );
  const { types, rows, said } = await passed({ path }, "parquet");
  assert.deepEqual(Object.values(types!), [
    "VARCHAR",
    "BIGINT",
    "UBIGINT",
    "BOOLEAN",
    "DOUBLE",
    "DECIMAL(38,0)",
    'STRUCT("a" BIGINT, "b" VARCHAR[])',
    "DOUBLE[]",
    "JSON",
    "JSON",
    "JSON",
    "INTEGER",
  ]);
  assert.deepEqual(rows![0].slice(7), [[1, 2.5], "1", '{"k1":1}', "0.12345678901234567890", 1]);
  assert.deepEqual(rows![1].slice(8, 10), ['"1"', '{"k2":2}']);
  assert.deepEqual(said, []);
  assert.deepEqual((await passed({ path }, "csv")).lines?.slice(1), [
    'a,9007199254740993,18446744073709551615,true,0.10,99999999999999999999999999999999999999,"{""a"":1,""b"":[""x""]}","[1,2.5]",1,"{""k1"":1}",0.12345678901234567890,1',
    'b,-1,7,,1e5,1,"{""a"":2,""b"":[]}",[],1,"{""k2"":2}",1,1',
  ]);
});

test("JSON with thousands of fields passes through in the size of the file", async () => {
  const lines = Array.from({ length: 5000 }, (_, i) => `{"text":"t${i}","user${i}":{"n":${i}}}`);
  const path = file("own-fields.jsonl", `${lines.join("\n")}\n`);
  const out = await passed({ path }, "jsonl");
  assert.deepEqual(
    out.lines,
    lines.map((line) => line.replace(/}$/, ',"n":1}')),
  );
  await fails(() => passed({ path }, "csv"), /5001 different fields, too many for columns/);
});

test("what a format can't hold is written as text and said once; all else keeps its digits", async () => {
  const path = join(folder, "odd.duckdb");
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run(
    `CREATE TABLE t AS SELECT 'x' AS text, 170141183460469231731687303715884105727::HUGEINT AS huge, 5::HUGEINT AS small,
      INTERVAL '1 month 5 microseconds' AS span, INTERVAL '2 hours' AS hours, TIMETZ '12:00:00.5+02' AS clock,
      '0101'::BIT AS bits, union_value(k := 1.50::DECIMAL(4, 2)) AS either, {'a': 1::HUGEINT, 'b"c': [0.1, NULL]} AS parts,
      1.50::DECIMAL(38, 2) AS price, 'nan'::DOUBLE AS nan, '{"a": 0.10}'::JSON AS j, MAP {'k': 9007199254740993} AS m`,
  );
  connection.closeSync();
  instance.closeSync();
  const toParquet = await passed({ path }, "parquet");
  assert.deepEqual(Object.values(toParquet.types!).slice(1), [
    "VARCHAR",
    "DECIMAL(38,0)",
    "VARCHAR",
    "INTERVAL",
    "VARCHAR",
    "VARCHAR",
    "VARCHAR",
    "VARCHAR",
    "DECIMAL(38,2)",
    "DOUBLE",
    "JSON",
    "MAP(VARCHAR, BIGINT)",
    "INTEGER",
  ]);
  assert.equal(toParquet.rows![0][1], "170141183460469231731687303715884105727");
  assert.equal(toParquet.rows![0][8], '{"a":1,"b\\"c":[0.1,null]}');
  assert.equal(toParquet.said.length, 3);
  assert.match(toParquet.said.join(), /huge \(HUGEINT\).* as text.*small \(HUGEINT\) is written as DECIMAL\(38,0\)/);
  const toCsv = await passed({ path }, "csv");
  assert.equal(
    toCsv.lines![1],
    "x,170141183460469231731687303715884105727,5,1 month 00:00:00.000005,02:00:00,12:00:00.5+02,0101,1.50," +
      '"{""a"":1,""b\\""c"":[0.1,null]}",1.50,nan,"{""a"": 0.10}","{""k"":9007199254740993}",1',
  );
  assert.match(toCsv.said.join(), /span \(INTERVAL\)/);
  const toJson = await passed({ path }, "jsonl");
  assert.equal(
    toJson.lines![0],
    '{"text":"x","huge":170141183460469231731687303715884105727,"small":5,"span":"1 month 00:00:00.000005",' +
      '"hours":"02:00:00","clock":"12:00:00.5+02","bits":"0101","either":1.50,"parts":{"a":1,"b\\"c":[0.1,null]},' +
      '"price":1.50,"nan":"NaN","j":{"a": 0.10},"m":{"k":9007199254740993},"n":1}',
  );
  assert.match(toJson.said.join(), /nan \(DOUBLE\) is written as text where/);
});

test("odd names pass through: empty, in two cases, with outer blanks, quotes and line breaks", async () => {
  const head = ',Text,text, x,"a\nb","q""q"';
  const path = file("names.csv", `${head}\n0,A,t,1,2,3\n`);
  const { lines } = await passed({ path }, "csv");
  assert.equal(lines?.join("\n"), `${head},n\n0,A,t,1,2,3,1`);
  assert.deepEqual((await passed({ path }, "jsonl")).lines, [
    '{"":"0","Text":"A","text":"t"," x":"1","a\\nb":"2","q\\"q":"3","n":1}',
  ]);
  const { types, said } = await passed({ path }, "parquet");
  assert.deepEqual(Object.keys(types!), ["column0", "Text", "text_1", " x", "a\nb", 'q"q', "n"]);
  assert.equal(said.length, 2);
  assert.deepEqual((await read({ path, query: "SELECT text_1, column0 FROM input" }, ["text_1"], "column0")).labels, [
    "0",
  ]);
  // Parquet files of other programs have them too: "bcol" becomes "ACOL" in the bytes.
  const parquet = await scored("acol,bcol,text\n1,2,t\n");
  const bytes = Buffer.from(readFileSync(parquet).toString("latin1").replaceAll("bcol", "ACOL"), "latin1");
  assert.deepEqual((await passed({ path: file("cases.parquet", bytes) }, "csv")).lines, [
    "acol,ACOL,text,length,n",
    "1,2,t,1.0,1",
  ]);

  async function scored(csv: string) {
    await score({ path: file("cases.csv", csv) }, join(folder, "cases-in.parquet"));
    return join(folder, "cases-in.parquet");
  }
});
