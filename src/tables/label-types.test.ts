import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import { file, folder } from "../../test/table-files.js";
import { appendColumns } from "./append-columns.js";
import { isLabelType } from "./label-types.js";
import { readTextAndLabels } from "./read-rows.js";
import { openTable, type TableSource } from "./source.js";

/** Every row's own label comes back as its prediction; with `only`, that one label for all rows. */
async function predicted(source: TableSource, ending: string, only?: number): Promise<string> {
  const outPath = join(folder, `labels.${ending}`);
  const table = await openTable(source);
  const { labels, labelType } = await readTextAndLabels(table, { text: ["text"], label: "label" });
  const newColumns = [{ name: "label", type: "VARCHAR" as const, writtenAs: labelType }];
  await appendColumns(table, { text: ["text"], outPath, newColumns }, async (texts) => [
    texts.map((_, row) => String(labels[only ?? row])),
  ]);
  table.close();
  return outPath;
}

async function query(sql: string, path = ":memory:"): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll(sql)).getRowsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

const inJson: Record<string, [string, string]> = {
  "integers of 30 digits": ["123456789012345678901234567890", "-5"],
  "integers of 45 digits": ["123456789012345678901234567890123456789012345", "7"],
  "numbers of many digits": ["0.12345678901234567890", "1"],
  lists: ["[1, 2]", "[3]"],
  "lists of several types": ['[1,"a"]', "[2]"],
  objects: ['{"a": 1}', '{"a": 2}'],
  "objects with other fields": ['{"a": 0.10}', '{"b":[]}'],
  "a text and a list": ['"ä"', "[1]"],
  booleans: ["true", "false"],
};

for (const [name, values] of Object.entries(inJson))
  test(`labels of JSON come back as they were: ${name}`, async () => {
    const lines = values.map((value, i) => `{"text":"t${i}","label":${value}}`);
    const path = file("labels-in.jsonl", lines.join("\n"));
    for (const line of readFileSync(await predicted({ path }, "jsonl"), "utf8")
      .trim()
      .split("\n")) {
      const { label, label_predicted } = JSON.parse(line) as Record<string, unknown>;
      assert.deepEqual(label_predicted, label);
    }
    const out = await predicted({ path }, "parquet");
    const same = "typeof(label) = typeof(label_predicted) AND label = label_predicted";
    assert.deepEqual(await query(`SELECT ${same} FROM '${out}'`), [[true], [true]]);
    const csv = `read_csv('${await predicted({ path }, "csv")}', all_varchar = true)`;
    assert.deepEqual(await query(`SELECT label = label_predicted FROM ${csv}`), [[true], [true]]);
  });

test("a text that spells another value keeps all labels of its column text", async () => {
  const path = file("labels-both.jsonl", '{"text":"a","label":"[1]"}\n{"text":"b","label":[2]}\n');
  const lines = readFileSync(await predicted({ path }, "jsonl"), "utf8")
    .trim()
    .split("\n");
  assert.deepEqual(
    lines.map((line) => (JSON.parse(line) as Record<string, unknown>).label_predicted),
    ["[1]", "[2]"],
  );
});

test("labels of every type of DuckDB have the type and value of their column in Parquet, whichever are predicted", async () => {
  const types: Record<string, [string, string]> = {
    HUGEINT: ["'170141183460469231731687303715884105727'", "'5'"],
    UHUGEINT: ["'340282366920938463463374607431768211455'", "'5'"],
    BIGNUM: ["'123456789012345678901234567890123456789012345678901'", "'5'"],
    INTERVAL: ["'1 month 5 microseconds'", "'2 hours'"],
    "TIME WITH TIME ZONE": ["'10:00:00+02'", "'11:00:00+00'"],
    TIME_NS: ["'10:00:00.000000001'", "'11:00:00'"],
    BIT: ["'0101'", "'1'"],
    "INTEGER[]": ["[1, NULL]", "[]"],
    'STRUCT("a b" DECIMAL(4,2), c VARCHAR[])': ["{'a b': 1.50, 'c': ['x']}", "NULL"],
    "MAP(VARCHAR, DATE)": ["MAP {'k': DATE '2026-01-31'}", "MAP {'k': DATE '2026-02-01'}"],
    JSON: [`'{"a": 1}'`, "'[1, 2]'"],
    "ENUM('x', 'y')": ["'x'", "'y'"],
  };
  for (const [i, [type, [one, other]]] of Object.entries(types).entries()) {
    const path = join(folder, `labels-${i}.duckdb`);
    const values = [one, other].map((value, row) => `('t${row}', CAST(${value} AS ${type}))`);
    await query(`CREATE TABLE t AS FROM (VALUES ${values.join(", ")}) AS t(text, label)`, path);
    for (const only of [undefined, 0, 1]) {
      if (other === "NULL" && only === 1) continue;
      const out = await predicted({ path }, "parquet", only);
      const rows = await query(
        `SELECT typeof(label) = typeof(label_predicted), label IS NULL OR label = label_predicted FROM '${out}'`,
      );
      const row = only ?? 0;
      assert.deepEqual(rows[row], [true, true], `${type}, ${only}`);
    }
  }
});

test("a label type is made of the names of types alone", () => {
  const some = [
    "BIGINT",
    "DECIMAL(9,2)",
    "TIMESTAMP WITH TIME ZONE",
    "JSON",
    "INTEGER[3][]",
    'STRUCT("a;)""" BIGINT, "b" VARCHAR[])',
    "MAP(VARCHAR, MAP(DATE, FLOAT))",
  ];
  for (const type of some) assert.ok(isLabelType(type), type);
  for (const type of [
    "VARCHAR",
    "INT); DROP TABLE t",
    'STRUCT("a" BIGINT',
    "BIGINT)",
    "BIGINT, 1",
    "#",
    'STRUCT("a" "BIGINT")',
    "",
  ])
    assert.equal(isLabelType(type), false, type);
});
