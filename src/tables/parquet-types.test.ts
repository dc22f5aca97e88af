// What DuckDB does not read of the Parquet files of other programs: kept where it can be, and told where it can't.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import { readGolden } from "../../test/golden/read.js";
import { fails, file, folder, passed, read } from "../../test/table-files.js";
import { type ArrowField, readArrowSchema } from "../formats/arrow-schema.js";
import { openTable } from "./source.js";

const { cases } = readGolden<{ file: string; types: Record<string, string> }>("arrow-parquet");
const parquet = (name: string, path = `${name}.parquet`) =>
  file(path, Buffer.from(cases.find((one) => one.case === name)!.file, "base64"));

async function schemaOf(path: string): Promise<ArrowField[] | undefined> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const found = await connection.runAndReadAll(
    `SELECT decode(value) FROM parquet_kv_metadata('${path}') WHERE decode(key) = 'ARROW:schema'`,
  );
  connection.closeSync();
  instance.closeSync();
  const text = found.getRows()[0]?.[0];
  return text === undefined ? undefined : readArrowSchema(String(text));
}

/** Without the names of lists' and maps' parts, which every writer chooses. */
const typesOf = (fields: ArrowField[]): unknown[] =>
  fields.map(({ type, metadata, children }) => [type, metadata, typesOf(children)]);

test("durations, time zones and types of other programs pass from Parquet to Parquet", async () => {
  const path = parquet("types");
  const { rows, said } = await passed({ path }, "parquet");
  assert.deepEqual(said, []);
  assert.deepEqual(rows![0].slice(1, 8), [
    "1500",
    "1970-01-01 00:00:00+00",
    "1970-01-01 00:00:00+00",
    ["1", "2"],
    { a: "1", b: "1970-01-01 00:00:00.000002+00" },
    [{ key: "k", value: "5" }],
    "1",
  ]);
  const [source, written] = [(await schemaOf(path))!, (await schemaOf(join(folder, "passed.parquet")))!];
  assert.deepEqual(
    written.map(({ name }) => name),
    [...source.map(({ name }) => name), "n_predicted"],
  );
  const utc = source[3];
  assert.deepEqual(utc.type, { kind: "timestamp", unit: "us", zone: "UTC" });
  assert.deepEqual(typesOf(written.slice(0, -1)), typesOf(source));
});

test("what another format and a query do not keep is told in one line", async () => {
  const path = parquet("types");
  const { lines, said } = await passed({ path }, "csv");
  assert.equal(
    lines![1],
    'good,1500,1970-01-01 00:00:00+00,1970-01-01 00:00:00+00,"[1,2]","{""a"":1,""b"":""1970-01-01 00:00:00.000002+00""}",' +
      '"{""k"":5}",1,a,1.50,1970-01-01,x,1,1',
  );
  assert.equal(said.length, 1);
  assert.match(
    said[0],
    /^CSV has no such type: wait \(duration\[ms\]\), waits .*by \(duration\[s\]\) are written as whole/,
  );
  assert.match(said[0], /at \(timestamp\[us, tz=Europe\/Berlin\]\), both \(.*Tokyo\]\) are written as times in UTC/);
  assert.match(said[0], /month \(example\.month\) is written as BIGINT/);
  assert.doesNotMatch(said[0], /utc|kind/);
  assert.match((await passed({ path }, "jsonl")).said.join(), /^JSON has no such type: wait \(duration\[ms\]\)/);
  const query = "SELECT text, wait, wait + 1 AS later FROM input";
  assert.deepEqual((await passed({ path, query }, "parquet")).said, [
    "A query's result has no such type: wait (duration[ms]) is written as whole numbers.",
  ]);
  assert.equal(await schemaOf(join(folder, "passed.parquet")), undefined);
});

test("durations of several files need one unit; time zones that differ are UTC", async () => {
  parquet("milliseconds", "units-1.parquet");
  parquet("microseconds", "units-2.parquet");
  await fails(
    () => openTable({ path: join(folder, "units-*.parquet") }),
    /duration\[ms\] in .*1\.parquet, but a duration\[us\]/,
  );
  parquet("microseconds", "zones-1.parquet");
  parquet("another zone", "zones-2.parquet");
  const { rows, said } = await passed({ path: join(folder, "zones-*.parquet") }, "parquet");
  assert.deepEqual([rows!.length, said], [4, []]);
  const [, wait, at] = (await schemaOf(join(folder, "passed.parquet")))!;
  assert.deepEqual(
    [wait.type, at.type],
    [
      { kind: "duration", unit: "us" },
      { kind: "timestamp", unit: "us", zone: "UTC" },
    ],
  );
});

test("the column that folders say does not hide the types of the others", async () => {
  for (const country of ["de", "fr"]) {
    mkdirSync(join(folder, `country=${country}`));
    parquet("microseconds", `country=${country}/part.parquet`);
  }
  const { types, said } = await passed({ path: join(folder, "country=*", "part.parquet") }, "parquet");
  assert.deepEqual([Object.keys(types!), said], [["text", "wait", "at", "country", "n"], []]);
  const fields = (await schemaOf(join(folder, "passed.parquet")))!;
  assert.deepEqual(fields[1].type, { kind: "duration", unit: "us" });
});

test("nanoseconds that are not read are told, whatever the output", async () => {
  const path = parquet("nanoseconds");
  for (const ending of ["parquet", "csv"])
    assert.deepEqual((await passed({ path }, ending)).said, [
      "DuckDB reads times to the microsecond, and further digits are cut: clock, at.",
    ]);
});

test("fields without a name, as in a UNION that DuckDB wrote, are given one", async () => {
  const told = "Fields without a name are called column0, column1 …: odd.";
  const path = parquet("no name");
  const { types, rows, said } = await passed({ path }, "parquet");
  assert.equal(types!.odd, 'STRUCT("column0" UTINYINT, "k" VARCHAR)');
  assert.deepEqual(
    rows!.map((row) => row[1]),
    [{ column0: 1, k: "x" }, null],
  );
  assert.deepEqual(said, [told]);
  assert.equal((await passed({ path }, "jsonl")).lines![0], '{"text":"good","odd":{"column0":1,"k":"x"},"n":1}');
  const union = join(folder, "union.parquet");
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT 't' || i AS text, [MAP {i: CASE WHEN i = 1 THEN union_value(k := i) END}] AS odd FROM range(2) t(i)) TO '${union}'`,
  );
  connection.closeSync();
  instance.closeSync();
  assert.equal(
    (await passed({ path: union }, "jsonl")).lines![1],
    '{"text":"t1","odd":[{"1":{"column0":0,"k":1}}],"n":1}',
  );
});

test("decimals of more than 38 digits are rejected, not read as other numbers", async () => {
  const path = parquet("40 digits");
  await fails(
    () => read({ path }, ["text"]),
    /40 digits\.parquet: 'wide' is a decimal of 40 digits; at most 38 can be read without changing values/,
    /Write the column as text, or with fewer digits/,
  );
  parquet("milliseconds", "wide-1.parquet");
  parquet("40 digits", "wide-2.parquet");
  await fails(() => read({ path: join(folder, "wide-*.parquet") }, ["text"]), /wide-2\.parquet: 'wide' is a decimal/);
});

test("times of day keep their type in Parquet where it has them", async () => {
  const path = join(folder, "clocks.duckdb");
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run(
    `CREATE TABLE t AS SELECT 'x' AS text, TIMETZ '10:00:00.5+00' AS utc, TIMETZ '10:00:00+02' AS east,
      '10:00:00.000001'::TIME_NS AS micro, '10:00:00.000000001'::TIME_NS AS nano`,
  );
  connection.closeSync();
  instance.closeSync();
  const { types, rows, said } = await passed({ path }, "parquet");
  assert.deepEqual(Object.values(types!).slice(1, -1), ["TIME WITH TIME ZONE", "VARCHAR", "TIME", "VARCHAR"]);
  assert.deepEqual(rows![0].slice(1, -1), ["10:00:00.5+00", "10:00:00+02", "10:00:00.000001", "10:00:00.000000001"]);
  assert.deepEqual(said, [
    "Parquet has no such type: east (TIME WITH TIME ZONE), nano (TIME_NS) are written as text; micro (TIME_NS) is written as TIME.",
  ]);
  const again = await passed({ path: file("again.parquet", readFileSync(join(folder, "passed.parquet"))) }, "csv");
  assert.match(again.lines![1], /^x,10:00:00\.5\+00,10:00:00\+02,/);
});
