import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import type { ClassificationScores } from "../../src/tasks/classify/scores.js";
import { labelMatcher } from "../../src/tasks/labels/match-labels.js";
import { evaluateModel } from "../../src/workflows/evaluate/run.js";
import { predictTable } from "../../src/workflows/predict/run.js";
import { trainModel } from "../../src/workflows/train/run.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-predict-test-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string) => join(folder, name);
const file = (name: string, text: string) => {
  writeFileSync(path(name), text);
  return path(name);
};

async function query(sql: string) {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  try {
    const result = await connection.runAndReadAll(sql);
    return { types: result.columnTypes().map(String), rows: result.getRowsJson() };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const texts = "CASE WHEN i % 2 = 0 THEN 'great lovely ' ELSE 'awful dull ' END || i AS text";
const options = { text: ["text"], label: "label", model: "linear" as const, threads: 1 };

before(async () => {
  const rows = Array.from({ length: 60 }, (_, i) => `${i % 2 === 0 ? "great lovely" : "awful dull"} ${i},${i % 2}\n`);
  await trainModel(file("train.csv", `text,label\n${rows.join("")}`), { ...options, out: path("model") });
});

test("labels come back with their own type, in every format", async () => {
  const types = {
    BOOLEAN: "i % 2 = 0",
    TINYINT: "(i % 2)::TINYINT",
    BIGINT: "9007199254740993 + i % 2",
    DOUBLE: "(i % 2 + 0.5)::DOUBLE",
    "DECIMAL(9,2)": "(i % 2 + 1.5)::DECIMAL(9, 2)",
    DATE: "DATE '2026-01-31' + (i % 2)::INTEGER",
    TIMESTAMP: "TIMESTAMP '2026-01-31 12:00:00' + INTERVAL 1 hour * (i % 2)",
    "TIMESTAMP WITH TIME ZONE": "TIMESTAMPTZ '2026-01-31 12:00:00+02' + INTERVAL 1 hour * (i % 2)",
  };
  for (const [type, label] of Object.entries(types)) {
    const table = path("typed.parquet");
    await query(`COPY (SELECT ${texts}, ${label} AS label FROM range(40) t(i)) TO '${table}' (FORMAT parquet)`);
    await trainModel(table, { ...options, out: path("typed") });
    await predictTable(path("typed"), table, { out: path("typed-out.parquet") });
    const same = await query(
      `SELECT label, label_predicted, label = label_predicted FROM '${path("typed-out.parquet")}'`,
    );
    assert.deepEqual(same.types, [type, type, "BOOLEAN"]);
    assert.ok(
      same.rows.every(([, , equal]) => equal === true),
      type,
    );
    await predictTable(path("typed"), table, { out: path("typed-out.csv") });
    for (const line of readFileSync(path("typed-out.csv"), "utf8").trimEnd().split("\n").slice(1)) {
      const [, given, predicted] = line.split(",");
      assert.equal(predicted, given, type);
    }
    await predictTable(path("typed"), table, { out: path("typed-out.jsonl") });
    for (const line of readFileSync(path("typed-out.jsonl"), "utf8").trimEnd().split("\n"))
      assert.equal(/"label_predicted":([^,}]*)/.exec(line)?.[1], /"label":([^,}]*)/.exec(line)?.[1], type);
  }
});

test("evaluate compares labels by value", async () => {
  const match = labelMatcher(["0", "1", "true", "2026-01-31"]);
  assert.deepEqual(["1", "1.0", "+1", "1e0", "TRUE", "2026-01-31 00:00:00", "01", "yes", "-0"].map(match), [
    "1",
    "1",
    "1",
    "1",
    "true",
    "2026-01-31",
    undefined,
    undefined,
    "0",
  ]);
  assert.equal(labelMatcher(["1", "1.0"])("1.00"), undefined);
  for (const label of ["(i % 2)::DOUBLE", "(i % 2)::INTEGER", "(i % 2)::DECIMAL(9, 2)"]) {
    await query(`COPY (SELECT ${texts}, ${label} AS label FROM range(10) t(i)) TO '${path("value.parquet")}'`);
    const { scores } = await evaluateModel(path("model"), path("value.parquet"), {}, {});
    const { accuracy, unseenLabels } = scores as ClassificationScores;
    assert.deepEqual([accuracy, unseenLabels], [1, []], label);
  }
});

test("a table without rows gives one without rows, with the new columns", async () => {
  await query(`COPY (SELECT 'a' AS text, 1 AS n WHERE false) TO '${path("none.parquet")}'`);
  const sources = [file("none.csv", "text,n\n"), path("none.parquet"), file("none.jsonl", ""), file("none.json", "[]")];
  for (const source of sources)
    for (const ending of ["csv", "csv.gz", "jsonl", "json", "parquet"]) {
      const out = path(`none-out.${ending}`);
      assert.equal((await predictTable(path("model"), source, { out })).rows, 0);
      if (ending === "csv")
        assert.match(
          readFileSync(out, "utf8"),
          source.includes("json") ? /^label,label_probability\n$/ : /^text,n,label,label_probability\n$/,
        );
      if (ending === "json") assert.deepEqual(JSON.parse(readFileSync(out, "utf8")), []);
      if (ending === "parquet" && source.endsWith("parquet"))
        assert.deepEqual((await query(`FROM '${out}'`)).types, ["VARCHAR", "INTEGER", "VARCHAR", "FLOAT"]);
    }
  const none = { query: "SELECT * FROM input WHERE false", out: path("none-out.csv") };
  assert.equal((await predictTable(path("model"), path("train.csv"), none)).rows, 0);
  await assert.rejects(evaluateModel(path("model"), path("none.csv"), {}, {}), /no rows/);
});

test("rows that the model was trained on are counted and said", async () => {
  const said: string[] = [];
  const watch = { onMessage: (message: string) => said.push(message) };
  await predictTable(path("model"), path("train.csv"), { out: path("seen.csv") }, watch);
  const count = Number(/^(\d+) of 60 rows were used in training\. Their predictions/.exec(said[0])?.[1]);
  assert.ok(count >= 45 && count < 60, said[0]);
  await evaluateModel(path("model"), path("train.csv"), {}, watch);
  assert.match(said[1], new RegExp(`^${count} of 60 rows were used in training\\. The figures`));
  said.length = 0;
  await predictTable(path("model"), file("new.csv", "text\na new one\n"), { out: path("seen.csv") }, watch);
  assert.deepEqual(said, []);
});

test("names that differ in outer blanks are one name when one is looked for or added", async () => {
  const spaced = file("spaced.csv", "id, text , Label\n1,great lovely,0\n");
  const { columns } = await predictTable(path("model"), spaced, { out: path("spaced-out.csv") });
  assert.deepEqual(columns, ["label_predicted", "label_probability"]);
  assert.match(
    readFileSync(path("spaced-out.csv"), "utf8"),
    /^id, text , Label,label_predicted,label_probability\n1,great lovely,0,0,/,
  );
});
