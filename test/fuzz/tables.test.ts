// 200 random small tables through training and predicting to every format: what a user has passes through untouched.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { UserError } from "../../src/base/errors.js";
import { predictTable } from "../../src/workflows/predict/run.js";
import { trainModel } from "../../src/workflows/train/run.js";
import { csvOf, type FuzzTable, fuzzTable, jsonLinesOf } from "./tables.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-fuzz-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
await connection.run("SET TimeZone = 'UTC'");
after(() => {
  connection.closeSync();
  instance.closeSync();
});
const tables = 200;
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

async function write(table: FuzzTable): Promise<string> {
  const path = join(folder, `in.${table.format}`);
  const { format, names, rows, types } = table;
  if (format === "csv" || format === "tsv") writeFileSync(path, csvOf(table, format === "csv" ? "," : "\t"));
  else if (format === "jsonl") writeFileSync(path, `${jsonLinesOf(table).join("\n")}\n`);
  else if (format === "json") writeFileSync(path, `[${jsonLinesOf(table).join(",\n ")}]`);
  else {
    const values = rows.map((row) => `(${row.map(({ sql }, i) => `CAST(${sql} AS ${types[i]})`).join(", ")})`);
    const head = names.map(quoted).join(", ");
    await connection.run(`COPY (FROM (VALUES ${values.join(", ")}) AS t(${head})) TO '${path}' (FORMAT parquet)`);
  }
  return path;
}

/** Records of a CSV file, by a reader of its own; undefined for an empty field without quotes. */
function records(text: string, delimiter: string): (string | undefined)[][] {
  const all: (string | undefined)[][] = [];
  let row: (string | undefined)[] = [];
  for (let at = 0; at < text.length; ) {
    let field: string | undefined;
    if (text[at] === '"') {
      field = "";
      for (at++; ; at++) {
        if (text[at] === '"' && text[at + 1] === '"') at++;
        else if (text[at] === '"') break;
        field += text[at];
      }
      at++;
    } else {
      const start = at;
      while (at < text.length && text[at] !== delimiter && text[at] !== "\n") at++;
      field = at > start ? text.slice(start, at) : undefined;
    }
    row.push(field);
    if (text[at] === delimiter) {
      at++;
      if (at === text.length || text[at] === "\n") row.push(undefined);
    }
    if (at >= text.length || text[at] === "\n") {
      all.push(row);
      row = [];
      at++;
    }
  }
  return all;
}

function checkLabels(table: FuzzTable, found: readonly unknown[], where: string) {
  assert.equal(found.length, table.rows.length, where);
  for (const label of found) assert.ok(table.labels.includes(String(label)), `${where}: label ${label}`);
}

function checkCsv(table: FuzzTable, text: string, delimiter: string, where: string) {
  const [head, ...body] = records(text, delimiter);
  const isJson = table.format.startsWith("json");
  const names = head.slice(0, -2).map((name) => name ?? "");
  // Fields of JSON are columns in the order in which they come first.
  if (!isJson) assert.deepEqual(names, table.names, where);
  for (const [i, row] of table.rows.entries())
    for (const [c, cell] of row.entries()) {
      // What CSV has no type for is checked where it has one.
      if (table.format === "parquet" && cell.csv === undefined && cell.sql !== "NULL") continue;
      const own = cell.json?.startsWith('"') ? (JSON.parse(cell.json) as string) : cell.json;
      const expected = isJson ? (own === "null" ? undefined : own) : cell.csv;
      const found = body[i][names.indexOf(table.names[c])];
      assert.equal(found, expected, `${where}, row ${i}, column '${table.names[c]}'`);
    }
  checkLabels(
    table,
    body.map((row) => row.at(-2)),
    where,
  );
}

function checkJson(table: FuzzTable, lines: readonly string[], source: string, where: string) {
  assert.equal(lines.length, table.rows.length, where);
  const answers = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  checkLabels(
    table,
    answers.map((answer) => answer.label_predicted),
    where,
  );
  for (const [i, answer] of answers.entries())
    assert.equal(typeof answer.label_predicted, typeof answer.label, `${where}, row ${i}`);
  if (table.format.startsWith("json")) {
    const given = source
      .replace(/^\[/, "")
      .replace(/\]$/, "")
      .split("\n")
      .map((line) => line.trim().replace(/,$/, ""));
    for (const [i, line] of lines.entries())
      assert.equal(line.replace(/,"label_predicted":.*$/, "}"), given[i], `${where}, row ${i}`);
    return;
  }
  for (const [i, row] of table.rows.entries())
    for (const [c, cell] of row.entries()) {
      if (cell.sql !== "NULL" && cell.json === undefined) continue;
      const isText = table.format !== "parquet";
      const expected = cell.sql === "NULL" ? "null" : isText ? JSON.stringify(cell.csv) : cell.json;
      const field = `${JSON.stringify(table.names[c])}:${expected}`;
      assert.ok(lines[i].includes(field), `${where}, row ${i}: ${field} in ${lines[i]}`);
    }
}

async function checkParquet(table: FuzzTable, path: string, out: string, where: string) {
  const written = await connection.runAndReadAll(`FROM '${out}'`);
  const labelColumn = written.columnNames().indexOf("label_predicted");
  const typeNames = written.columnTypes().map((type) => type.alias ?? type.toString());
  assert.equal(typeNames[labelColumn], typeNames[written.columnNames().indexOf("label")], where);
  checkLabels(
    table,
    written.getRows().map((row) => row[labelColumn]),
    where,
  );
  if (table.format !== "parquet") return;
  const given = await connection.runAndReadAll(`FROM '${path}'`);
  const count = table.names.length;
  assert.deepEqual(written.columnNames().slice(0, count), given.columnNames(), where);
  assert.deepEqual(
    typeNames.slice(0, count),
    given.columnTypes().map((type) => type.alias ?? type.toString()),
    where,
  );
  assert.deepEqual(
    written.getRowsJson().map((row) => row.slice(0, count)),
    given.getRowsJson(),
    where,
  );
}

for (let part = 0; part < 4; part++)
  test(`random tables pass through untouched, part ${part + 1} of 4`, async () => {
    let trained = 0;
    for (let seed = part; seed < tables; seed += 4) {
      const table = fuzzTable(seed);
      const where = `seed ${seed}, ${table.format}`;
      const path = await write(table);
      const source = table.format === "parquet" ? "" : readFileSync(path, "utf8");
      const model = join(folder, "model");
      try {
        const options = { model: "linear", threads: 1, out: model, overwrite: true } as const;
        await trainModel(path, { text: ["text"], label: "label", ...options });
        trained++;
        const others = ["tsv", "json", "csv.gz", "jsonl.gz"];
        for (const ending of ["csv", "jsonl", "parquet", others[(seed >> 2) % 4]]) {
          const out = join(folder, `out.${ending}`);
          const { rows } = await predictTable(model, path, { out, threads: 1 });
          assert.equal(rows, table.rows.length, where);
          const to = `${where} to ${ending}`;
          if (ending === "parquet") {
            await checkParquet(table, path, out, to);
            continue;
          }
          const bytes = readFileSync(out);
          const text = (ending.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
          if (/csv|tsv/.test(ending)) checkCsv(table, text, ending === "tsv" ? "\t" : ",", to);
          else {
            const body = ending === "json" ? text.slice(2, -3).split(",\n") : text.trimEnd().split("\n");
            checkJson(table, body, source, to);
          }
        }
      } catch (error) {
        if (error instanceof UserError) throw new Error(`${where}: ${error.message}`);
        throw error;
      }
    }
    assert.equal(trained, tables / 4);
  });
