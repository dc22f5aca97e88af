// Thresholds: chosen by train and evaluate, kept in the folder, used by predict. And evaluate --slices, report.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type EvaluateTableOptions, evaluateModel } from "../../src/index.js";
import { columnist, reviews, writeCsv } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-decisions-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string) => join(folder, name);
const model = path("model");
const table = path("rows.csv");
/** A third of the labels say nothing, so that the model is unsure. */
const noisy = (count: number, seed: number) =>
  reviews(count, seed).map((row, i) => ({
    ...row,
    body:
      i % 3 === 0
        ? row.body.replace(/great|superb|lovely|wonderful|charming|awful|dull|terrible|boring|clumsy/g, "so")
        : row.body,
  }));

const inOneLine = (text: string) => text.replace(/\s+/g, " ");

function run(...args: string[]) {
  const { code, stdout, stderr } = columnist(args);
  assert.equal(code, 0, stderr);
  return { stdout, stderr };
}

before(() => {
  const training = writeCsv(path("train.csv"), noisy(600, 1));
  const trained = run(
    "train",
    training,
    "--text",
    "body",
    "--label",
    "mood",
    "--model",
    "linear",
    "--abstain",
    "0.95",
    "--out",
    model,
  );
  assert.match(inOneLine(trained.stdout), /chosen for an accuracy of 95 %\), \d+ of \d+ rows are answered/);
  writeCsv(table, noisy(300, 2));
});

test("train keeps the threshold, evaluate measures it, predict leaves what is below it empty", () => {
  const { decision, coverage } = JSON.parse(run("evaluate", model, table, "--json").stdout);
  assert.equal(decision.wanted.by, "accuracy");
  assert.ok(decision.left > 30 && decision.answered > 100 && coverage.length > 5);
  const out = path("answers.jsonl");
  const { stderr } = run("predict", model, table, "--threshold", "chosen", "--out", out);
  const answers = readFileSync(out, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.equal(answers.filter(({ mood_predicted }) => mood_predicted === null).length, decision.left);
  assert.match(stderr, new RegExp(`${decision.left} of 300 rows are below the threshold and left without an answer`));
  for (const { mood_predicted, mood_probability } of answers)
    assert.equal(mood_predicted === null, mood_probability < decision.threshold);
  const all = path("all.jsonl");
  run("predict", model, table, "--threshold", "0", "--out", all);
  assert.ok(!readFileSync(all, "utf8").includes('"mood_predicted":null'));
  assert.match(readFileSync(join(model, "report.html"), "utf8"), /Answering only when sure/);
});

test("evaluate chooses on its rows and measures on others; it keeps a threshold only when asked", () => {
  const before = readFileSync(join(model, "columnist.json"), "utf8");
  const chosen = run("evaluate", model, table, "--cost", "fp=1,fn=10", "--positive", "bad");
  assert.match(inOneLine(chosen.stdout), /chosen for costs of fp=1, fn=10\), 'bad' has a precision of .* a row\./);
  assert.equal(readFileSync(join(model, "columnist.json"), "utf8"), before);
  const kept = run("evaluate", model, table, "--min-recall", "0.99", "--positive", "bad", "--keep", "--json");
  const { decision } = JSON.parse(kept.stdout);
  assert.match(run("inspect", model).stdout, /for a recall of 99 %/);
  const out = path("kept.jsonl");
  run("predict", model, table, "--threshold", "chosen", "--out", out);
  const bad = readFileSync(out, "utf8").split('"mood_predicted":"bad"').length - 1;
  assert.ok(Math.abs(bad - decision.predicted) < 40 && bad > 150);
});

test("wrong wants are told before anything is done", async () => {
  const wants: [options: EvaluateTableOptions, message: RegExp][] = [
    [{ cost: "1:10" }, /cost must say .* fp=1,fn=10, not '1:10'/],
    [{ minRecall: 0.9, minPrecision: 0.9 }, /one of cost, minPrecision, minRecall and abstain/],
    [{ minRecall: 0.9, positive: "ugly" }, /no label 'ugly'/],
    [{ positive: "bad" }, /positive needs/],
    [{ keep: true }, /keep needs a threshold/],
    [{ group: "none" }, /none/],
  ];
  for (const [options, message] of wants) await assert.rejects(evaluateModel(model, table, options), message);
  const wrong: [args: string[], message: RegExp][] = [
    [["evaluate", model, table, "--abstain", "95"], /--abstain must be a share above 0, at most 1/],
    [["predict", model, table, "--threshold", "2"], /--threshold must be a probability from 0 to 1, or chosen/],
  ];
  for (const [args, message] of wrong) {
    const { code, stderr } = columnist(args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  }
});

test("evaluate --slices finds the store whose labels are wrong; --group makes intervals wider", () => {
  const source = path("stores.jsonl");
  const rows = reviews(400, 3).map(({ body, mood }, i) => {
    const store = `store ${i % 8}`;
    const isWrong = i % 8 === 5 && i % 3 > 0;
    return { body, mood: isWrong ? (mood === "good" ? "bad" : "good") : mood, store };
  });
  writeFileSync(source, rows.map((row) => JSON.stringify(row)).join("\n"));
  const { stdout } = run("evaluate", model, source, "--slices", "--json");
  const { slices, accuracyInterval, macroF1Interval } = JSON.parse(stdout);
  assert.ok(slices.looked >= 8);
  assert.deepEqual([slices.weak[0].name, slices.weak[0].value, slices.weak[0].rows], ["store", "store 5", 50]);
  assert.equal(slices.weak[0].examples.length, 3);
  const text = run("evaluate", model, source, "--slices").stdout;
  assert.match(
    text,
    /Looked at \d+ groups of rows; 1 is worse [^:]*:\n\nWeak on +Rows +Wrong +Elsewhere +p\nstore: store 5 +50/,
  );
  // The label column under another spelling is no column to look at: its values tell where the model is wrong.
  const spelt = path("spelt.jsonl");
  writeFileSync(spelt, rows.map(({ mood, ...row }) => JSON.stringify({ ...row, "Mood ": mood })).join("\n"));
  assert.deepEqual(JSON.parse(run("evaluate", model, spelt, "--slices", "--json").stdout).slices, slices);
  const grouped = JSON.parse(run("evaluate", model, source, "--group", "store", "--json").stdout);
  const width = ({ low, high }: { low: number; high: number }) => high - low;
  assert.ok(width(grouped.accuracyInterval) > 1.5 * width(accuracyInterval));
  assert.ok(width(grouped.macroF1Interval) > 1.5 * width(macroF1Interval));
});

test("report copies the page, and tells where it is", () => {
  const out = path("copy.html");
  run("report", model, "--out", out);
  assert.deepEqual(readFileSync(out), readFileSync(join(model, "report.html")));
  assert.equal(columnist(["report", path("none")]).code, 2);
});
