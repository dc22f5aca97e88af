// With safeCsv no text of a CSV file is a formula for a spreadsheet; without it, and in other formats, every text is as it was.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { file, folder } from "../../test/table-files.js";
import { appendColumns } from "./append-columns.js";
import { openTable, type TableSource } from "./source.js";

const formulas = [
  "=1+1",
  "+1+1",
  "-1+1",
  "@SUM(A1)",
  "\t=1",
  "\r=1",
  "\n=1",
  "＝1",
  "=cmd|' /C calc'!A0",
  "-",
  '="a""b"',
];
const harmless = ["1=1", "-3.5", "+49170", "-.5e-3", "a", "'=1", " x", "", "text-", "-3"];
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

async function write(source: TableSource, outPath: string, safeCsv?: boolean) {
  const table = await openTable(source);
  const newColumns = [
    { name: "=label", type: "VARCHAR" as const },
    { name: "score", type: "DOUBLE" as const },
  ];
  await appendColumns(table, { text: ["text"], outPath, newColumns, safeCsv }, async (texts) => [
    texts.map(() => "=2"),
    texts.map(() => -1.5),
  ]);
  table.close();
  return readFileSync(outPath);
}

test("formulas get an apostrophe in CSV and TSV; numbers and all other texts stay", async () => {
  const cells = [...formulas, ...harmless];
  const path = file("formulas.csv", `text,+name\n${cells.map((cell) => `x,${quoted(cell)}\n`).join("")}`);
  for (const ending of ["csv", "tsv", "csv.gz"]) {
    const out = join(folder, `safe.${ending}`);
    const bytes = await write({ path }, out, true);
    const head = (ending === "csv.gz" ? gunzipSync(bytes) : bytes).toString().split("\n")[0];
    assert.deepEqual(head.split(/[,\t]/), ["text", "'+name", "'=label", "score"]);
    const shown = await readColumn(out, "'+name");
    assert.deepEqual(
      shown,
      cells.map((cell) => (formulas.includes(cell) ? `'${cell}` : cell)),
    );
    assert.deepEqual(new Set(await readColumn(out, "'=label")), new Set(["'=2"]));
    assert.deepEqual(new Set(await readColumn(out, "score")), new Set(["-1.5"]));
  }
  await write({ path }, join(folder, "plain.csv"));
  assert.deepEqual(await readColumn(join(folder, "plain.csv"), "+name"), cells);
  await write({ path }, join(folder, "safe.jsonl"), true);
  assert.deepEqual(await readColumn(join(folder, "safe.jsonl"), "+name"), cells);
});

test("columns of other types: numbers and dates as they are, texts of every kind guarded", async () => {
  const path = join(folder, "types-safe.parquet");
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT 'x' AS text, -3 AS i, -2.5::DECIMAL(4, 1) AS d, '-infinity'::DOUBLE AS f, [-1] AS l, BLOB '=b' AS b,
      '=e'::ENUM('=e') AS e, DATE '2020-01-01' AS day) TO '${path}'`,
  );
  connection.closeSync();
  instance.closeSync();
  const line = (await write({ path }, join(folder, "types.csv"), true)).toString().split("\n")[1];
  assert.equal(line, "x,-3,-2.5,-inf,[-1],'=b,'=e,2020-01-01,'=2,-1.5");
});

async function readColumn(path: string, name: string): Promise<(string | null)[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const options = path.includes("json")
    ? ""
    : `, header = true, all_varchar = true, quote = '"', escape = '"', auto_detect = true, nullstr = '\u0001'`;
  const reader = path.includes("json") ? "read_json" : "read_csv";
  const found = await connection.runAndReadAll(`SELECT "${name}" FROM ${reader}('${path}'${options})`);
  connection.closeSync();
  instance.closeSync();
  return found.getRows().map(([value]) => value as string | null);
}
