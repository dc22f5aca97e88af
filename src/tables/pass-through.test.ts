// A row that comes in goes out: the same columns, names, types and values, from every format to every other.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import { fails, file, folder, passed, read, score } from "../../test/table-files.js";

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
  assert.equal(toParquet.said.length, 1);
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
  assert.deepEqual(said, [
    "DuckDB, which writes Parquet, needs names that are not empty and differ in more than case: '' is named 'column0', 'text' is named 'text_1'.",
  ]);
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
