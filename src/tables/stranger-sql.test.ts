// SQL that a DuckDB file brings along, and a query, read the table that is named and nothing else.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import { fails, file, folder, read, score } from "../../test/table-files.js";
import { openDatabase } from "./database.js";
import { readTexts } from "./read-rows.js";
import { openTable } from "./source.js";

const secret = "the secret of another file";
const quoted = (path: string) => `'${path.replaceAll("'", "''")}'`;
let views: Record<string, string>;
const stranger = join(folder, "stranger.duckdb");

async function makeDatabase(path: string, statements: readonly string[]) {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  for (const sql of statements) await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}

before(async () => {
  const text = file("secret.txt", secret);
  const csv = file("secret.csv", `text\n${secret}\n`);
  const json = file("secret.json", `[{"text":"${secret}"}]`);
  const [other, parquet] = [join(folder, "other.duckdb"), join(folder, "secret.parquet")];
  await makeDatabase(other, [`CREATE TABLE t AS SELECT '${secret}' AS text`, `COPY t TO ${quoted(parquet)}`]);
  const near = join(folder, "..", readdirName(), "secret.txt");
  views = {
    read_text: `SELECT content AS text FROM read_text(${quoted(text)})`,
    read_blob: `SELECT decode(content) AS text FROM read_blob(${quoted(text)})`,
    pattern: `SELECT content AS text FROM read_text(${quoted(join(folder, "secret.t*"))})`,
    parent: `SELECT content AS text FROM read_text(${quoted(near)})`,
    read_csv: `FROM read_csv(${quoted(csv)})`,
    replacement: `FROM ${quoted(csv)}`,
    read_json: `FROM read_json(${quoted(json)})`,
    read_parquet: `FROM read_parquet(${quoted(parquet)})`,
    metadata: `SELECT CAST(file_name AS VARCHAR) AS text FROM parquet_metadata(${quoted(parquet)})`,
    sniff_csv: `SELECT CAST(Columns AS VARCHAR) AS text FROM sniff_csv(${quoted(csv)})`,
    glob: `SELECT file AS text FROM glob(${quoted(join(folder, "*"))})`,
    query: `SELECT content AS text FROM query(${quoted(`FROM read_text(${quoted(text)})`)})`,
    subquery: `SELECT (SELECT content FROM read_text(${quoted(text)})) AS text FROM honest`,
    macro: "SELECT content AS text FROM reader()",
  };
  await makeDatabase(stranger, [
    "CREATE TABLE honest (text VARCHAR, n INTEGER, loud AS (upper(text)), more VARCHAR DEFAULT (current_setting('temp_directory')))",
    "INSERT INTO honest (text, n) VALUES (' an honest text ', 1), ('b', 2)",
    "CREATE INDEX by_length ON honest (n)",
    `CREATE MACRO reader() AS TABLE FROM read_text(${quoted(text)})`,
    ...["trim(x)", "strlen(x)", "nullif(x, y)", "concat_ws(x, y)"].map((one) => `CREATE MACRO ${one} AS 'changed'`),
    ...Object.entries(views).map(([name, sql]) => `CREATE VIEW v_${name} AS ${sql}`),
    "CREATE VIEW v_fine AS SELECT text FROM honest WHERE n > 1",
    "CREATE SCHEMA far",
    "CREATE TABLE far.away AS SELECT 'far' AS text",
  ]);
});

const readdirName = () => folder.split(/[/\\]/).at(-1)!;

test("a view reads nothing but its own file's tables", async () => {
  for (const name of Object.keys(views)) {
    await fails(() => openTable({ path: stranger, table: `v_${name}` }), /SQL may not read '.*(secret|\*)/s);
    const query = `SELECT * FROM v_${name}`;
    await fails(() => openTable({ path: stranger, query }), /SQL may not read '.*(secret|\*)/s);
  }
  assert.deepEqual((await read({ path: stranger, table: "v_fine" }, ["text"])).texts, ["b"]);
  assert.deepEqual((await read({ path: stranger, query: "SELECT text FROM far.away" }, ["text"])).texts, ["far"]);
});

test("functions are DuckDB's own, whatever macros the file has", async () => {
  const expected = [" an honest text ", "b"];
  for (const source of [{ table: "honest" }, { query: "SELECT * FROM honest ORDER BY n" }]) {
    const path = stranger;
    assert.deepEqual((await read({ path, ...source }, ["text"])).texts, expected);
    assert.deepEqual((await read({ path, ...source }, ["text"], "text")).labels, ["an honest text", "b"]);
    const outPath = join(folder, "honest.csv");
    await score({ path, ...source }, outPath);
    assert.match(
      readFileSync(outPath, "utf8"),
      /^text,n,loud,more,length\n an honest text ,1, AN HONEST TEXT ,.*,16\.0\n/,
    );
  }
});

test("a view is read only where it is named", async () => {
  const path = join(folder, "view.duckdb");
  await makeDatabase(path, [`CREATE VIEW reviews AS ${views.read_text}`]);
  await fails(() => openTable({ path }), /no tables, only the view 'reviews'.*table/);
  await fails(() => openTable({ path, table: "reviews" }), /SQL may not read/);
});

test("a query on any file reads nothing else", async () => {
  const csv = file("mine.csv", "text\nmine\n");
  for (const path of [
    csv,
    file("mine.jsonl", '{"text":"mine"}\n'),
    file("mine.txt", "mine"),
    join(folder, "secret.parquet"),
  ])
    for (const [name, sql] of Object.entries(views)) {
      if (name === "macro" || name === "subquery" || (/parquet/.test(path) && /parquet|metadata/.test(name))) continue;
      await fails(() => openTable({ path, query: sql }), /SQL may not read '.*(secret|\*)/s);
    }
  assert.deepEqual((await read({ path: csv, query: `SELECT * FROM ${quoted(csv)}` }, ["text"])).texts, ["mine"]);
});

test("a DuckDB file whose last rows are in its log is read whole", async () => {
  const path = join(folder, "log[1].duckdb");
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run("SET checkpoint_threshold = '1TB'");
  await connection.run("CREATE TABLE t AS SELECT 'logged' AS text");
  assert.ok(existsSync(`${path}.wal`));
  const [copy, log] = [
    file("copy[1].duckdb", readFileSync(path)),
    file("copy[1].duckdb.wal", readFileSync(`${path}.wal`)),
  ];
  connection.closeSync();
  instance.closeSync();
  assert.deepEqual((await read({ path: copy }, ["text"])).texts, ["logged"]);
  assert.ok(existsSync(log));
});

test("a database is locked: no settings, no secrets, no extensions, no writing; it spills and may write what it is told", async () => {
  const [readable, writable] = [file("read.csv", "text\na\n"), join(folder, "write.csv")];
  const database = await openDatabase({ reads: [readable], writes: [writable] });
  const { connection } = database;
  const beside = join(mkdtempSync(join(folder, "beside-")), "x.csv");
  writeFileSync(beside, "text\na\n");
  const refused = [
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "SET autoload_known_extensions = true",
    `SET temp_directory = ${quoted(folder)}`,
    "SET home_directory = '/'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "CREATE PERSISTENT SECRET s (TYPE s3)",
    `ATTACH ${quoted(stranger)} AS other`,
    `ATTACH ${quoted(join(folder, "new.duckdb"))} AS other`,
    `COPY (SELECT 1) TO ${quoted(join(folder, "stolen.csv"))}`,
    `EXPORT DATABASE ${quoted(join(folder, "exported"))}`,
    `FROM read_csv(${quoted(beside)})`,
    `FROM read_text(${quoted(join(homedir(), "**", "*"))})`,
  ];
  for (const sql of refused)
    await assert.rejects(connection.run(sql), /Permission|locked|disabled|not exist|Secret/, sql);
  assert.equal((await connection.runAndReadAll("FROM duckdb_secrets()")).currentRowCount, 0);
  await connection.run(`COPY (FROM read_csv(${quoted(readable)})) TO ${quoted(writable)} (USE_TMP_FILE false)`);
  assert.equal(readFileSync(writable, "utf8"), "text\na\n");
  await connection.run("SET memory_limit = '40MB'");
  await connection.run("SET threads = 1");
  const sorted = "SELECT count(*) FROM (SELECT md5(CAST(i AS VARCHAR)) AS s FROM range(1000000) t(i) ORDER BY s)";
  assert.equal(Number((await connection.runAndReadAll(sorted)).getRows()[0][0]), 1_000_000);
  await connection.run(`ATTACH ${quoted(join(database.folder, "own.duckdb"))} AS own`);
  database.close();
  assert.ok(!existsSync(database.folder));
  assert.deepEqual(
    readdirSync(folder).filter((name) => /stolen|exported|new\.duckdb/.test(name)),
    [],
  );
});

test("a stranger's table is read and answered without a trace beside it", async () => {
  const before = readdirSync(folder);
  const table = await openTable({ path: stranger, table: "honest" });
  await readTexts(table, ["text"]);
  table.close();
  assert.deepEqual(readdirSync(folder), before);
});
