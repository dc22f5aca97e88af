import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { columnist, reviews, startColumnist, writeCsv } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-cli-train-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const here = { cwd: folder };
const columns = ["--text", "body", "--label", "mood"];
const rows = reviews(120);
writeCsv(join(folder, "reviews.csv"), rows);

function train(args: string[], input?: string | Uint8Array) {
  const answer = columnist(["train", ...args], input, here);
  assert.equal(answer.code, 0, answer.stderr);
  return answer;
}

test("every family is trained, one table compares them, the best one is written", () => {
  const { stdout, stderr } = train(["reviews.csv", ...columns, "--epochs", "2", "--threads", "1", "--out", "all"]);
  for (const family of ["linear", "cnn", "lstm", "transformer"])
    assert.match(stdout, new RegExp(`^${family} +\\d+\\.\\d % +\\d.*s$`, "m"));
  assert.match(stdout, /^Model +Accuracy +95 % interval +Macro F1 +Validation +Training$/m);
  assert.match(stdout, /^always (good|bad) +\d/m);
  assert.match(stdout, /^Winner: linear, best on the \d+ validation rows\.$/m);
  assert.match(stdout, /^Written: all \(open all\/report\.html\)$/m);
  assert.ok(stdout.split("\n").every((line) => line.length <= 80));
  assert.match(stderr, /^reading the table …$/m);
  assert.match(stderr, /training, \d+ validation and \d+ held-out rows, 2 labels/);
  const facts = JSON.parse(readFileSync(join(folder, "all", "columnist.json"), "utf8"));
  assert.deepEqual([facts.family, facts.textColumns, facts.labelColumn], ["linear", ["body"], "mood"]);
  assert.deepEqual(facts.answers.labels, ["bad", "good"]);
});

test("a network's folder holds all its files; --json gives one document, messages go to stderr", () => {
  const { stdout, stderr } = train(["reviews.csv", ...columns, "--model", "cnn", "--out", "cnn", "--json"]);
  const document = JSON.parse(stdout);
  assert.deepEqual(
    document.models.map(({ family }: { family: string }) => family),
    ["linear", "cnn"],
  );
  assert.equal(document.family, "cnn");
  assert.deepEqual(document.labels, ["bad", "good"]);
  assert.equal(document.rows.training + document.rows.validation + document.rows.heldOut, 120);
  for (const { accuracy, accuracyInterval, macroF1 } of document.models) {
    assert.ok(accuracy > 0.8 && macroF1 > 0.8);
    assert.ok(accuracyInterval.low <= accuracy && accuracy <= accuracyInterval.high);
  }
  assert.match(stderr, /cnn: validation accuracy/);
  assert.deepEqual(readdirSync(join(folder, "cnn")).sort(), [
    "columnist.json",
    "metrics.json",
    "model.onnx",
    "report.html",
    "row-parts.safetensors",
    "tokenizer.json",
    "training-texts.safetensors",
    "weights.safetensors",
  ]);
});

test("the same seed gives the same bits, on one thread or two; another seed gives others", () => {
  const weights = (name: string, ...flags: string[]) => {
    train(["reviews.csv", ...columns, "--model", "lstm", "--epochs", "1", "--out", name, ...flags]);
    return readFileSync(join(folder, name, "weights.safetensors"));
  };
  const one = weights("one", "--threads", "1", "--seed", "5");
  assert.ok(one.equals(weights("two", "--threads", "2", "--seed", "5")));
  assert.ok(!one.equals(weights("other", "--threads", "2", "--seed", "6")));
});

test("two seeds are compared on the same rows; the split seed draws others", () => {
  const rowsOf = (name: string, ...flags: string[]) => {
    train(["reviews.csv", ...columns, "--model", "linear", "--out", name, ...flags]);
    const { data, options } = JSON.parse(readFileSync(join(folder, name, "columnist.json"), "utf8"));
    return { rows: data.fingerprint, splitSeed: options.splitSeed };
  };
  const one = rowsOf("seed-1", "--seed", "1");
  assert.equal(one.splitSeed, 0);
  assert.equal(rowsOf("seed-2", "--seed", "2").rows, one.rows);
  const other = rowsOf("split-1", "--seed", "1", "--split-seed", "1");
  assert.equal(other.splitSeed, 1);
  assert.notEqual(other.rows, one.rows);
});

test("joined text columns; a test table of one's own", () => {
  writeCsv(join(folder, "test.csv"), reviews(30, 9));
  const flags = ["--text", "title", "--text", "body", "--label", "mood", "--model", "linear", "--test", "test.csv"];
  const { models, rows, heldOut } = JSON.parse(train(["reviews.csv", ...flags, "--out", "joined", "--json"]).stdout);
  assert.equal(rows.heldOut, 30);
  assert.equal(heldOut, "test.csv");
  assert.ok(models[0].accuracy > 0.9);
  const facts = JSON.parse(readFileSync(join(folder, "joined", "columnist.json"), "utf8"));
  assert.deepEqual(facts.textColumns, ["title", "body"]);
});

test("every kind of table gives the same model: TSV, JSON Lines, gzip, pattern, Parquet, DuckDB, stdin", async () => {
  const path = (name: string) => join(folder, name);
  const csv = readFileSync(path("reviews.csv"));
  writeFileSync(path("reviews.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  writeFileSync(path("reviews.csv.gz"), gzipSync(csv));
  const lines = rows.map(({ id, body, mood }) => `${id}\t"${body.replaceAll('"', '""')}"\t${mood}`);
  writeFileSync(path("reviews.tsv"), `id\tbody\tmood\n${lines.join("\n")}\n`);
  writeCsv(path("part-1.csv"), rows.slice(0, 50));
  writeCsv(path("part-2.csv"), rows.slice(50));
  const instance = await DuckDBInstance.create(path("reviews.duckdb"));
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE reviews AS FROM read_csv('${path("reviews.csv")}', all_varchar=true)`);
  await connection.run("CREATE TABLE nothing AS SELECT 1 AS one");
  await connection.run(`COPY reviews TO '${path("reviews.parquet")}'`);
  connection.closeSync();
  instance.closeSync();
  const sources = [
    ["reviews.csv"],
    ["reviews.jsonl"],
    ["reviews.csv.gz"],
    ["reviews.tsv"],
    ["part-*.csv"],
    ["reviews.parquet"],
    ["reviews.duckdb", "--table", "reviews"],
    ["reviews.duckdb", "--query", "SELECT * FROM reviews ORDER BY id"],
    ["-"],
  ];
  const seen = new Set<string>();
  for (const source of sources) {
    const out = `kind-${seen.size}`;
    const input = source[0] === "-" ? csv : undefined;
    train([...source, ...columns, "--model", "linear", "--out", out, "--overwrite"], input);
    seen.add(JSON.parse(readFileSync(path(`${out}/columnist.json`), "utf8")).data.fingerprint);
    assert.equal(seen.size, 1, source.join(" "));
  }
  const some = ["--query", "SELECT * FROM input WHERE CAST(id AS INTEGER) < 80", "--json"];
  const { rows: counts } = JSON.parse(
    train(["reviews.csv", ...some, ...columns, "--model", "linear", "--out", "some"]).stdout,
  );
  assert.equal(counts.training + counts.validation + counts.heldOut, 80);
});

test("training again replaces the model and leaves what else is in the folder", () => {
  const flags = ["reviews.csv", ...columns, "--out", "again", "--model"];
  train([...flags, "cnn", "--epochs", "1"]);
  writeFileSync(join(folder, "again", "notes.txt"), "mine");
  train([...flags, "linear"]);
  assert.deepEqual(readdirSync(join(folder, "again")).sort(), [
    "columnist.json",
    "metrics.json",
    "notes.txt",
    "report.html",
    "row-parts.safetensors",
    "training-texts.safetensors",
    "weights.safetensors",
  ]);
});

test("Ctrl-C during training leaves a usable model; before any model is ready it leaves nothing", async () => {
  writeCsv(join(folder, "many.csv"), reviews(3000, 2));
  const flags = ["many.csv", ...columns, "--model", "transformer", "--epochs", "500", "--json"];
  const late = startColumnist(["train", ...flags, "--out", "stopped"], here);
  await late.whenSaid("transformer …");
  late.child.kill("SIGINT");
  const { code, stdout, stderr } = await late.ended;
  assert.equal(code, 0, stderr);
  assert.match(stderr, /Stopping at the next step/);
  const document = JSON.parse(stdout);
  assert.equal(document.cancelled, true);
  assert.match(document.warnings.at(-1), /stopped early/);
  const answered = columnist(["predict", "stopped", "test.csv"], undefined, here);
  assert.equal(answered.stdout.trim().split("\n").length, 31, answered.stderr);

  const early = startColumnist(["train", ...flags, "--out", "nothing"], here);
  await early.whenSaid("reading the table …");
  early.child.kill("SIGINT");
  const ended = await early.ended;
  assert.equal(ended.code, 1, ended.stderr);
  assert.equal(JSON.parse(ended.stdout).error.kind, "stopped");
  assert.equal(existsSync(join(folder, "nothing")), false);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith(".")),
    [],
  );
});
