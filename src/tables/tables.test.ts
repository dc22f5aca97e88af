import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { fails, file, folder, lengths, read, score } from "../../test/table-files.js";
import { appendColumns } from "./append-columns.js";
import { readTextAndLabels } from "./read-rows.js";
import { openTable } from "./source.js";

test("CSV: quotes, line breaks, spellings, empty and NULL values", async () => {
  const path = file(
    "a.csv",
    'text,label\r\n"he said ""hi""\r\nnew, line",007\r\n,1\r\n"  ",2\r\n#ok,NULL\r\nlast,\r\n',
  );
  assert.deepEqual(await read({ path }, ["text"], "label"), {
    texts: ['he said "hi"\r\nnew, line', "#ok"],
    places: [0, 3],
    labels: ["007", "NULL"],
    total: 5,
    skippedEmptyText: 2,
    skippedEmptyLabel: 1,
    others: {},
    unfit: { rows: 0, example: "" },
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
  await fails(() => openTable({ path, query: "SELECT * FROM 'https://example.com/a.csv'" }), /may not read 'https:/);
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
    readdirSync(folder).filter((name) => name.includes(".partial")),
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

test("a column without a name is shown in messages", async () => {
  const path = file("unnamed.csv", ",text\n1,a\n");
  await assert.rejects(read({ path }, ["txt"]), /its columns are '', text\. Did you mean 'text'\?/);
});
