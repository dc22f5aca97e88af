// Numbers from texts: columnist train --task regression, and what is done with its model.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createRandom } from "../../src/base/random.js";
import { columnist } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-regression-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const here = { cwd: folder };
const words = ["awful", "dull", "fair", "good", "great"];

/** Reviews whose stars, from 1 to 5, can be told from their words, but for a star up or down in one of ten. */
function ratings(count: number, seed: number) {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, i) => {
    const told = random.integer(5);
    const wrong = i % 10 === 9 ? (told < 2 ? 1 : -1) : 0;
    const shop = i % 3 === 0 ? "north" : "south";
    return { body: `The meal was ${words[told]}, ${words[told]} indeed on day ${i}.`, stars: 1 + told + wrong, shop };
  });
}
type Value = string | number | boolean | null;

function write(name: string, rows: readonly Record<string, Value>[]): string {
  writeFileSync(join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return name;
}

function writeCsv(name: string, rows: readonly Record<string, Value>[]): string {
  const lines = rows.map((row) =>
    Object.values(row)
      .map((value) => `"${value ?? ""}"`)
      .join(","),
  );
  writeFileSync(join(folder, name), `${Object.keys(rows[0]).join(",")}\n${lines.join("\n")}\n`);
  return name;
}

function run(...args: string[]) {
  const answer = columnist(args, undefined, here);
  assert.equal(answer.code, 0, answer.stderr);
  assert.ok(answer.stdout.split("\n").every((line) => line.length <= 80) || args.includes("--json"), answer.stdout);
  return answer;
}

const columns = ["--text", "body", "--label", "stars", "--task", "regression"];
const linear = [...columns, "--model", "linear"];

before(() => {
  write("train.jsonl", ratings(300, 1));
  write("more.jsonl", ratings(100, 2));
  run("train", "train.jsonl", ...linear, "--out", "stars");
});

test("train compares the families with the mean and the median, by their absolute errors", () => {
  const { stdout, stderr } = run("train", "train.jsonl", ...columns, "--model", "cnn", "--epochs", "6", "--out", "cnn");
  assert.match(stdout, /^Model +MAE +95 % interval +R² +Validation +Training$/m);
  assert.match(stdout, /^linear +0\.\d{3} +0\.\d{3} – 0\.\d{3} +0\.\d{3} +0\.\d{3} /m);
  assert.match(stdout, /^mean, \d\.\d+ +1\.\d{3}/m);
  assert.match(stdout, /^median, 3 +1\.\d{3}/m);
  assert.match(stderr, /held-out rows, numbers from 1 to 5\./);
  assert.match(stderr, /cnn: validation MAE \d/);
  const { models } = JSON.parse(readFileSync(join(folder, "cnn", "metrics.json"), "utf8"));
  for (const { family, heldOut, figures } of models) {
    assert.ok(heldOut.mae < 0.6 && heldOut.r2 > 0.6, `${family} ${heldOut.mae} ${heldOut.r2}`);
    assert.ok(heldOut.coverage > 0.75 && heldOut.rmse >= heldOut.mae && heldOut.spearman > 0.7);
    assert.deepEqual(
      figures.map(({ name }: { name: string }) => name),
      ["mae", "r2", "rmse", "spearman", "coverage"],
    );
  }
  assert.ok(existsSync(join(folder, "cnn", "model.onnx")));
  assert.match(
    run("inspect", "cnn").stdout,
    /a regression model, cnn.*stars, a number from 1 to 5; 90 % of true ones/s,
  );
});

test("evaluate: all figures, a table by true number, the largest errors, figures by group", () => {
  const { stdout } = run("evaluate", "stars", "more.jsonl", "--by", "shop");
  assert.match(stdout, /off by 0\.\d{3} on average \(100 rows\)\./);
  for (const title of ["MAE", "R²", "RMSE", "Spearman", "In the 90 % interval"])
    assert.match(stdout, new RegExp(`^${title} +\\S+.*with 95 % confidence$`, "m"));
  assert.match(stdout, /^True number +Rows +Mean prediction +MAE$/m);
  for (const stars of [1, 2, 3, 4, 5])
    assert.match(stdout, new RegExp(`^${stars} +\\d+ +\\d\\.\\d{3} +\\d\\.\\d{3}$`, "m"));
  assert.match(stdout, /^south +66 +0\.\d{3}/m);
  const document = JSON.parse(run("evaluate", "stars", "more.jsonl", "--by", "shop", "--json").stdout);
  assert.equal(document.task, "regression");
  assert.ok(document.maeInterval.low < document.mae && document.mae < document.maeInterval.high);
  const sizes = document.mistakes.map(({ error }: { error: number }) => Math.abs(error));
  assert.ok(sizes.length === 5 && sizes[0] >= sizes[4] && sizes[4] > 0.5);
  assert.deepEqual(
    document.groups.map(({ group, rows }: never) => [group, rows]),
    [
      ["south", 66],
      ["north", 34],
    ],
  );
});

test("predict: numbers of the column's type within its range, with the bounds of the interval", () => {
  const rows = [...ratings(20, 3).map(({ body }) => ({ body })), { body: "" }];
  write("new.jsonl", rows);
  const read = () => JSON.parse(run("predict", "stars", "new.jsonl", "--probabilities", "--json").stdout).predictions;
  const answers = read();
  assert.deepEqual(Object.keys(answers[0]), ["body", "stars", "stars_low", "stars_high"]);
  assert.deepEqual(answers[20], { body: "", stars: null, stars_low: null, stars_high: null });
  for (const { stars, stars_low: low, stars_high: high } of answers.slice(0, 20)) {
    assert.ok(Number.isInteger(stars) && low >= 1 && high <= 5 && low < high, `${stars} ${low} ${high}`);
    assert.ok(low - 0.5 <= stars && stars <= high + 0.5);
  }
  assert.match(run("predict", "stars", "new.jsonl", "--out", "new.csv").stdout, /new columns: stars$/m);
  assert.match(readFileSync(join(folder, "new.csv"), "utf8"), /^body,stars\n[^\n]*,[1-5]\n/);

  const { by, groups } = JSON.parse(
    run("predict", "stars", "more.jsonl", "--by", "shop", "--out", "by.csv", "--json").stdout,
  );
  assert.equal(by, "shop");
  const lines = readFileSync(join(folder, "by.csv"), "utf8").trim().split("\n").slice(1);
  for (const { group, rows: count, mean, standardDeviation } of groups) {
    const own = lines.filter((line) => line.includes(group)).map((line) => Number(line.split(",").at(-1)));
    assert.equal(own.length, count);
    const average = own.reduce((sum, value) => sum + value / own.length, 0);
    const variance = own.reduce((sum, value) => sum + (value - average) ** 2 / own.length, 0);
    // The column is written in whole numbers; the figures are of the predictions as they are.
    assert.ok(Math.abs(mean - average) < 0.3 && Math.abs(standardDeviation - Math.sqrt(variance)) < 0.3);
  }
  assert.match(
    run("predict", "stars", "more.jsonl", "--by", "shop", "--out", "by.csv").stdout,
    /Mean +Std\. deviation/,
  );
});

test("a CSV's whole numbers are answered whole; others, and whole ones as DOUBLE, with their fraction", () => {
  const rows = ratings(120, 4).map(({ body, stars }) => ({ body, stars, half: stars / 2 }));
  writeCsv("whole.csv", rows);
  run("train", "whole.csv", ...linear, "--out", "whole");
  const answers = (model: string, table: string) => run("predict", model, table).stdout.trim().split("\n").slice(1);
  for (const line of answers("whole", "whole.csv")) assert.match(line, /,[1-5]$/);
  run("train", "whole.csv", "--text", "body", "--label", "half", ...linear.slice(4), "--out", "half");
  assert.ok(answers("half", "whole.csv").some((line) => /,\d\.\d{3,}$/.test(line)));
  const query = ["--query", "SELECT body, CAST(stars AS DOUBLE) AS stars FROM input"];
  run("train", "whole.csv", ...linear, ...query, "--out", "double");
  assert.ok(answers("double", "whole.csv").some((line) => /,\d\.\d{3,}$/.test(line)));
  run(
    "train",
    "whole.csv",
    ...linear,
    "--query",
    "SELECT body, CAST(half AS DECIMAL(4,1)) AS stars FROM input",
    "--out",
    "tenth",
  );
  for (const line of answers("tenth", "whole.csv")) assert.match(line, /,\d\.\d$/);
});

test("labels that are no numbers are left out and counted, in training and in evaluating", () => {
  const rows = ratings(120, 5).map(({ body, stars }, i) => ({
    body,
    stars: i % 10 === 0 ? "n/a" : i % 10 === 1 ? null : i % 10 === 2 ? `0x${stars}` : String(stars),
  }));
  writeCsv("some.csv", rows);
  const told =
    /some\.csv: 12 rows without label and 24 rows whose label is not a number \(such as 'n\/a'\) were left out\./;
  assert.match(run("train", "some.csv", ...linear, "--out", "some").stderr, told);
  assert.match(readFileSync(join(folder, "some", "report.html"), "utf8"), /36 without label/);
  const { stderr, stdout } = run("evaluate", "some", "some.csv");
  assert.match(stderr, told);
  assert.match(stdout, /\(84 rows\)/);
  const far = rows.map(({ body }, i) => ({ body, stars: i < 3 ? 9 : 3 }));
  assert.match(
    run("evaluate", "some", writeCsv("far.csv", far)).stderr,
    /3 rows have numbers beyond 1 to 5, the range of the training table/,
  );
});

test("columns that are not numbers, or all the same, are refused with the next step", () => {
  const rows = ratings(60, 6).map(({ body, shop }, i) => ({
    body,
    shop,
    same: 4,
    mostly: i % 3 ? "none" : i,
    flag: i > 9,
  }));
  write("wrong.jsonl", rows);
  const refused = (label: string, message: RegExp) => {
    const args = ["train", "wrong.jsonl", "--text", "body", "--label", label, "--task", "regression", "--out", "wrong"];
    const { code, stderr } = columnist(args, undefined, here);
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
    assert.ok(!existsSync(join(folder, "wrong")));
  };
  refused("shop", /'shop' is not a number in 60 of 60 rows, such as 'north'\. Choose another --label column/);
  refused("mostly", /'mostly' is not a number in 40 of 60 rows, such as 'none'\..*--query/);
  refused("flag", /'flag' is not a number in 60 of 60 rows/);
  refused("same", /'same' of wrong\.jsonl is 4 in all 60 rows\. Regression needs numbers that differ/);
  const { stderr } = columnist(["evaluate", "stars", "wrong.jsonl", "--label", "shop"], undefined, here);
  assert.match(stderr, /'shop' is not a number in 60 of 60 rows/);
});

test("a classifier of many numbers is told of regression", () => {
  const rows = ratings(200, 7).map(({ body, stars }, i) => ({ body, price: stars * 10 + (i % 5) }));
  write("prices.jsonl", rows);
  const { stderr } = run(
    "train",
    "prices.jsonl",
    "--text",
    "body",
    "--label",
    "price",
    "--model",
    "linear",
    "--out",
    "p",
  );
  assert.match(stderr, /'price' contains numbers with 25 different values\..*add --task regression\./s);
});

test("the report draws predicted against true numbers and lists the largest errors", () => {
  const page = readFileSync(join(folder, "stars", "report.html"), "utf8");
  assert.match(page, /is off by <b>0\.\d+<\/b> on average on 60 held-out rows/);
  assert.equal(page.match(/<rect class="range" x="\d+" width="120"/g)!.length, 5);
  assert.match(page, /<h2>The largest errors<\/h2>.*is <b>\d<\/b>, predicted/s);
  assert.doesNotMatch(page, /NaN|undefined|null/);
});
