import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { columnist, reviews, shell, startColumnist, writeCsv } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-cli-predict-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const here = { cwd: folder };
const path = (name: string) => join(folder, name);
const lines = (text: string) => text.trimEnd().split("\n");
const fresh = reviews(40, 3);

before(() => {
  writeCsv(path("reviews.csv"), reviews(120));
  writeCsv(path("new.csv"), fresh);
  const flags = ["--text", "body", "--label", "mood", "--out", "model", "--model", "cnn", "--epochs", "4"];
  const { code, stderr } = columnist(["train", "reviews.csv", ...flags], undefined, here);
  assert.equal(code, 0, stderr);
});

function predict(...args: string[]) {
  const answer = columnist(["predict", "model", ...args], undefined, here);
  assert.equal(answer.code, 0, answer.stderr);
  return answer;
}

test("CSV on stdout: every column as it was, then the label and its probability", () => {
  const { stdout, stderr } = predict("new.csv");
  const [head, ...rows] = lines(stdout);
  assert.equal(head, "id,title,body,mood,mood_predicted,mood_probability");
  assert.equal(rows.length, 40);
  for (const [i, row] of rows.entries()) {
    const [, id, , mood, predicted, probability] = /^(\d{4}),.*?,(".*"),(\w+),(\w+),([\d.]+)$/.exec(row)!;
    assert.deepEqual([id, mood], [fresh[i].id, fresh[i].mood]);
    assert.ok(["good", "bad"].includes(predicted));
    assert.ok(Number(probability) >= 0.5 && Number(probability) <= 1);
  }
  assert.match(stderr, /^predicting …$/m);
});

test("the label's name is free: the columns are called by it; a column for each label on demand", () => {
  writeFileSync(path("bare.jsonl"), '{"body":"It was great","n":7}\n{"body":null,"n":8}\n{"body":"  ","n":9}\n');
  const { stdout, stderr } = predict("bare.jsonl", "--probabilities");
  const [head, first, second, third] = lines(stdout);
  assert.equal(head, "body,n,mood,mood_probability,mood_probability_bad,mood_probability_good");
  const [, , mood, probability, bad, good] = first.split(",");
  assert.equal(Number(probability), Math.max(Number(bad), Number(good)));
  assert.equal(mood, Number(good) > Number(bad) ? "good" : "bad");
  assert.ok(Math.abs(Number(bad) + Number(good) - 1) < 1e-5);
  assert.match(second, /,8,,,,$/);
  assert.match(third, /,9,,,,$/);
  assert.match(stderr, /2 of 3 rows have no text: their predictions are empty\./);
});

test("every output format holds the same answers", async () => {
  const answers = new Set<string>();
  for (const ending of ["csv", "jsonl", "parquet", "csv.gz"]) {
    const { stdout } = predict("new.csv", "--out", `out.${ending}`);
    assert.equal(stdout, `40 rows written to out.${ending}; new columns: mood_predicted, mood_probability\n`);
    const rows = 'SELECT id, body, mood_predicted, round(CAST(mood_probability AS DOUBLE), 4) AS "share" FROM input';
    const again = columnist(["predict", "model", `out.${ending}`, "--query", rows], undefined, here);
    assert.equal(lines(again.stdout).length, 41, again.stderr);
    answers.add(again.stdout);
  }
  assert.equal(answers.size, 1);
  assert.match(gunzipSync(readFileSync(path("out.csv.gz"))).toString(), /^id,title,body,mood,mood_predicted/);
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const types = await connection.runAndReadAll(`DESCRIBE FROM read_parquet('${path("out.parquet")}')`);
  assert.deepEqual(
    types.getRows().map(([name, type]) => `${name} ${type}`),
    ["id", "title", "body", "mood", "mood_predicted"].map((name) => `${name} VARCHAR`).concat("mood_probability FLOAT"),
  );
  connection.closeSync();
  instance.closeSync();
});

test("stdin to stdout in a pipe; a reader that goes away ends it without a complaint or leftovers", () => {
  const env = { TMPDIR: mkdtempSync(path("tmp-")) };
  const piped = shell("cat new.csv | columnist predict model - | wc -l", { ...here, env });
  assert.equal(piped.stdout.trim(), "41", piped.stderr);
  writeCsv(path("long.csv"), reviews(4000, 4));
  const cut = shell('set -o pipefail; columnist predict model long.csv | head -1; echo "code $?"', { ...here, env });
  assert.equal(cut.stdout, "id,title,body,mood,mood_predicted,mood_probability\ncode 0\n");
  assert.equal(cut.stderr, "predicting …\n");
  assert.deepEqual(readdirSync(env.TMPDIR), [], "nothing is left behind, by ONNX Runtime either");
});

test("--json: one document, with the rows where no file is named", () => {
  const document = JSON.parse(predict("new.csv", "--json").stdout);
  assert.deepEqual([document.model, document.rows, document.withoutText], ["model", 40, 0]);
  assert.deepEqual(document.columns, ["mood_predicted", "mood_probability"]);
  assert.deepEqual(
    document.predictions.map(({ id, body }: { id: string; body: string }) => [id, body]),
    fresh.map(({ id, body }) => [id, body]),
  );
  const { stdout } = predict("new.csv", "--json", "--out", "some.csv");
  const { predictions, ...rest } = document;
  assert.equal(predictions.length, 40);
  assert.deepEqual(JSON.parse(stdout), { ...rest, out: "some.csv" });
});

test("--query chooses rows and columns; answers don't depend on the number of threads", () => {
  const { stdout } = predict("new.csv", "--query", "SELECT id, body FROM input WHERE id < '0003'");
  assert.deepEqual(
    lines(stdout).map((line) => line.split(",")[0]),
    ["id", "0000", "0001", "0002"],
  );
  assert.equal(predict("new.csv", "--threads", "1").stdout, predict("new.csv", "--threads", "2").stdout);
});

test("Ctrl-C: nothing is written", async () => {
  writeCsv(path("endless.csv"), reviews(60_000, 5));
  const { child, ended, whenSaid } = startColumnist(["predict", "model", "endless.csv", "--out", "cut.csv"], here);
  await whenSaid("predicting …");
  child.kill("SIGINT");
  const { code, stderr } = await ended;
  assert.equal(code, 1);
  assert.match(stderr, /Stopped before all rows were processed/);
  assert.equal(existsSync(path("cut.csv")), false);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith(".")),
    [],
  );
});

test("evaluate: scores for people and for programs, other labels counted as errors", () => {
  const { code, stdout } = columnist(["evaluate", "model", "new.csv"], undefined, here);
  assert.equal(code, 0);
  assert.match(stdout, /The cnn model on 'mood' of new\.csv: \d+ of 40 rows correct\./);
  assert.match(stdout, /^Accuracy {2,}\d.* with 95 % confidence$/m);
  assert.match(stdout, /^good +\d+ +\d/m);
  assert.ok(stdout.split("\n").every((line) => line.length <= 80));
  writeCsv(path("odd.csv"), [...fresh, { ...fresh[0], mood: "mixed" }]);
  const odd = columnist(["evaluate", "model", "odd.csv", "--json"], undefined, here);
  const scores = JSON.parse(odd.stdout);
  assert.deepEqual(scores.unseenLabels, [{ label: "mixed", rows: 1 }]);
  assert.equal(scores.rows, 41);
  assert.equal(scores.accuracy, scores.correct / 41);
  assert.match(odd.stderr, /Label 'mixed' \(1 row\) was not in the training rows: counted as errors\./);
  const own = columnist(["evaluate", "model", "reviews.csv", "--label", "mood"], undefined, here);
  assert.match(own.stderr, /^96 of 120 rows were used in training\. The figures are better/m);
});

test("inspect: what the folder is, in words and as JSON", () => {
  const { code, stdout } = columnist(["inspect", "model"], undefined, here);
  assert.equal(code, 0);
  for (const words of [/sentence CNN/, /the text of body/, /mood, one of 2: bad, good/, /reviews\.csv/, /model\.onnx/])
    assert.match(stdout, words);
  assert.ok(stdout.split("\n").every((line) => line.length <= 80));
  const { facts, comparison, files } = JSON.parse(columnist(["inspect", "model", "--json"], undefined, here).stdout);
  assert.equal(facts.family, "cnn");
  assert.equal(comparison.models.length, 2);
  assert.equal(files.length, 8);
});
