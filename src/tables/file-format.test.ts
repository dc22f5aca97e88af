// What files really hold: each wrong name or encoding is named, with the next step, and nothing else is taken for one.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { UserError } from "../base/errors.js";
import { encodingOf } from "../base/text-encoding.js";
import { readTextAndLabels, readTexts } from "./read-rows.js";
import { openTable } from "./source.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-formats-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, data: string | Uint8Array): string {
  writeFileSync(join(folder, name), data);
  return join(folder, name);
}

async function textsOf(path: string) {
  const table = await openTable({ path });
  try {
    return await readTexts(table, ["text"]);
  } finally {
    table.close();
  }
}

async function refuses(path: string, ...said: (RegExp | string)[]) {
  await assert.rejects(textsOf(path), (error: Error) => {
    assert.ok(error instanceof UserError, error.stack);
    assert.ok(error.message.length < 500, "too long to be read");
    for (const one of said)
      if (typeof one === "string") assert.ok(error.message.includes(one), error.message);
      else assert.match(error.message, one);
    return true;
  });
}

const csv = "text,label\ncafé au lait,good\nthé,bad\n";
const lines = '{"text":"café au lait","label":"good"}\n{"text":"thé","label":"bad"}\n';
const array = '[{"text":"café au lait","label":"good"},{"text":"thé","label":"bad"}]';
let parquet: Buffer;
let duck: Buffer;

before(async () => {
  const path = join(folder, "made.duckdb");
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run("CREATE TABLE reviews AS SELECT 'text ' || i AS text FROM range(3000) t(i)");
  await connection.run(`COPY reviews TO '${join(folder, "made.parquet")}' (COMPRESSION zstd)`);
  connection.closeSync();
  instance.closeSync();
  parquet = readFileSync(join(folder, "made.parquet"));
  duck = readFileSync(path);
});

/** UTF-16 and UTF-32, which Node writes in one order only. */
function encode(text: string, { width, isBig, hasMark }: { width: 2 | 4; isBig: boolean; hasMark: boolean }): Buffer {
  const marked = hasMark ? `\ufeff${text}` : text;
  const units =
    width === 4 ? [...marked].map((one) => one.codePointAt(0)!) : [...marked.split("")].map((one) => one.charCodeAt(0));
  const bytes = Buffer.alloc(width * units.length);
  for (const [i, unit] of units.entries())
    if (width === 4) isBig ? bytes.writeUInt32BE(unit, 4 * i) : bytes.writeUInt32LE(unit, 4 * i);
    else isBig ? bytes.writeUInt16BE(unit, 2 * i) : bytes.writeUInt16LE(unit, 2 * i);
  return bytes;
}

test("UTF-16 and UTF-32, both orders, with and without a mark, are named in every format of text", async () => {
  const contents = { csv, tsv: csv.replaceAll(",", "\t"), jsonl: lines, json: array, txt: "some text, and more" };
  for (const width of [2, 4] as const)
    for (const isBig of [false, true])
      for (const hasMark of [false, true])
        for (const [ending, content] of Object.entries(contents)) {
          const bytes = encode(content, { width, isBig, hasMark });
          const name = `UTF-${8 * width} (${isBig ? "big" : "little"}-endian)`;
          const iconv = `iconv -f utf-${8 * width}${hasMark ? "" : isBig ? "be" : "le"} -t utf-8`;
          await refuses(file(`wide.${ending}`, bytes), name, `${iconv} wide.${ending} > utf8-wide.${ending}`);
          await refuses(file(`wide.${ending}.gz`, gzipSync(bytes)), name, "gunzip -c", iconv);
        }
  const chinese = `text,label\n${"今天天气很好,好\n".repeat(40)}`;
  await refuses(file("zh.csv", encode(chinese, { width: 2, isBig: false, hasMark: false })), "utf-16le");
});

test("UTF-8 is never taken for a wide encoding, NUL characters and all", () => {
  const character = fc.oneof(fc.string({ unit: "grapheme" }), fc.constant("\0"), fc.constantFrom(...'{}[]",;\n'));
  const text = fc.array(character, { minLength: 8, maxLength: 60 }).map((parts) => `text,label\n${parts.join("")}`);
  fc.assert(
    fc.property(text, (one) => {
      fc.pre((one.match(/\0/g) ?? []).length < one.length / 20);
      assert.equal(encodingOf(Buffer.from(one)), undefined);
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("a file under the wrong name says what it is", async () => {
  const workbook = Buffer.from("PK\x03\x04\x14\0[Content_Types].xml ... xl/workbook.xml", "latin1");
  const cases: [name: string, bytes: string | Uint8Array, ...said: string[]][] = [
    ["a.csv", parquet, "is not CSV, but a Parquet file", "mv a.csv a.parquet"],
    ["a.jsonl", parquet, "is not JSON, but a Parquet file"],
    ["a.txt", parquet, "is not plain text, but a Parquet file"],
    ["b.csv.gz", gzipSync(parquet), "a Parquet file", "gunzip -c b.csv.gz > b.parquet"],
    ["c.csv", workbook, "is not CSV, but an Excel workbook", "save it as 'CSV UTF-8'"],
    ["c.parquet", workbook, "is not a Parquet file, but an Excel workbook"],
    ["c.xlsx", workbook, "is an Excel workbook", "save it as 'CSV UTF-8'"],
    ["d.csv", Buffer.from("PK\x03\x04\x14\0notes.csv", "latin1"), "a ZIP archive. Unpack it"],
    ["e.csv", gzipSync(csv), "is not CSV, but gzipped", "mv e.csv e.csv.gz"],
    ["e.json", gzipSync(array), "is not JSON, but gzipped"],
    ["f.csv.gz", csv, "is not a gzip file, but plain text"],
    ["g.csv", "SQLite format 3\0\x10", "an SQLite database", "sqlite3 -csv -header g.csv"],
    ["g.db", "SQLite format 3\0\x10", "is not a DuckDB file, but an SQLite database"],
    ["h.csv", array, "is not CSV, but JSON", "mv h.csv h.json"],
    ["h.tsv", lines, "is not CSV, but JSON", "mv h.tsv h.jsonl"],
    ["i.json", csv, "is not JSON: it starts with 'text,label'"],
    ["i.jsonl", csv, "is not JSON: it starts with 'text,label'", ".csv"],
    ["i.parquet", csv, "is not a Parquet file, but text ('text,label')"],
    ["i.duckdb", csv, "is not a DuckDB file, but text"],
    ["j.csv", duck, "is not CSV, but a DuckDB file"],
    ["k.csv", "<!DOCTYPE html><html>", "a web page"],
    ["it's.csv", parquet, "mv 'it'\\''s.csv' 'it'\\''s.parquet'"],
    ["l.parquet", parquet.subarray(0, 2000), "is a damaged Parquet file: its end is missing"],
    [
      "m.parquet",
      Buffer.concat([parquet.subarray(0, 40), Buffer.alloc(200, 7), parquet.subarray(240)]),
      "damaged Parquet file",
    ],
  ];
  for (const [name, bytes, ...said] of cases) {
    await refuses(file(name, bytes), ...said);
    await refuses(join(folder, name), /^(?!.*windows-1252)/);
  }
});

test("text that only looks like another format is read", async () => {
  assert.deepEqual(await textsOf(file("orc.csv", "ORCID,text\n1,a\n")), ["a"]);
  assert.deepEqual(await textsOf(file("par.csv", "PAR1,text\n1,a\n")), ["a"]);
  assert.deepEqual(await textsOf(file("page.txt", "<html>a</html>")), ["<html>a</html>"]);
  assert.deepEqual(await textsOf(file("rows.jsonl", array)), ["café au lait", "thé"]);
});

test("pandas' tables in one JSON object get a short message, and real rows do not", async () => {
  const columns = { text: { 0: "a", 1: "b" }, label: { 0: "x", 1: "y" } };
  const tables: [string, unknown][] = [
    ["columns", columns],
    ["columns", { text: { 0: "a" } }],
    ["columns", { text: { r1: "a", r2: "b" }, label: { r1: "x", r2: "y" } }],
    ["index", { 0: { text: "a" }, 1: { text: "b" } }],
    ["split", { columns: ["text"], index: [0], data: [["a"]] }],
    ["table", { schema: { fields: [] }, data: [{ text: "a" }] }],
    ["values", [["a", "x"]]],
    ["list", { text: ["a", "b"], label: ["x", null] }],
  ];
  for (const [kind, table] of tables)
    for (const [name, text] of [
      ["p.json", JSON.stringify(table)],
      ["p.jsonl", `\ufeff${JSON.stringify(table)}\n`],
      ["p.json.gz", JSON.stringify(table, undefined, 2)],
    ])
      await refuses(file(name, name.endsWith(".gz") ? gzipSync(text) : text), `orient="${kind}"`, 'orient="records"');
  const long = { text: Object.fromEntries(Array.from({ length: 340_000 }, (_, i) => [i, "word ".repeat(18)])) };
  await refuses(file("long.json", JSON.stringify(long)), 'orient="columns"', 'orient="records"');
  for (const row of [
    { text: "a", label: "x" },
    { text: "a", meta: { 0: "b" } },
    { text: "a", tags: { b: 1 } },
    { text: "a", tags: ["b", "c"] },
  ])
    assert.deepEqual(await textsOf(file("one.json", JSON.stringify(row))), ["a"]);
});

test("Excel's sep= line names the delimiter and is no row", async () => {
  const table = (head: string, delimiter: string, end: string) =>
    [
      head,
      `id${delimiter}text${delimiter}label`,
      `1${delimiter}"a, b; c"${delimiter}x`,
      `2${delimiter}d${delimiter}y`,
      "",
    ].join(end);
  for (const delimiter of [";", ",", "\t", "|", "^", " "])
    for (const end of ["\r\n", "\n", "\r"])
      for (const head of ["sep=", "\ufeffsep=", '"sep=', "SEP="]
        .slice(0, delimiter === ";" ? 4 : 1)
        .map((start) => start + delimiter + (start[0] === '"' ? '"' : ""))) {
        const path = file("sep.csv", table(head, delimiter, end));
        const opened = await openTable({ path });
        const { texts, labels } = await readTextAndLabels(opened, { text: ["text"], label: "label" });
        opened.close();
        assert.deepEqual(
          [texts, labels],
          [
            ["a, b; c", "d"],
            ["x", "y"],
          ],
        );
      }
  const mixed = table("sep=;\r", ";", "\n");
  assert.deepEqual(await textsOf(file("sep.csv.gz", gzipSync(mixed))), ["a, b; c", "d"]);
  assert.deepEqual(await textsOf(file("sep.tsv", mixed)), ["a, b; c", "d"]);
  await refuses(file("ragged.csv", "sep=;\nid;text\n1;a\n2\n"), /line 4: 1 field, but the header names 2 columns/);
  await refuses(file("two.csv", "sep=||\nid||text\n"), /line 1: '\|\|' cannot be used as a delimiter/);
});

test("a DuckDB file of another version says so", async () => {
  for (const [version, age] of [
    [999n, "a newer"],
    [1n, "an older"],
  ] as const) {
    const other = Buffer.from(duck);
    other.writeBigUInt64LE(version, 12);
    await refuses(
      file("other.duckdb", other),
      `was written by ${age} version of DuckDB`,
      `version is ${version}`,
      "COPY",
    );
  }
  const hurt = Buffer.from(duck);
  hurt.fill(7, 4096, 4200);
  await refuses(file("hurt.duckdb", hurt), "damaged DuckDB file");
});
