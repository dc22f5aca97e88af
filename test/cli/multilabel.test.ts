// Several labels a row: columnist train, evaluate, predict and inspect, and the model in a program.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import { createRandom } from "../../src/base/random.js";
import { type LabelSet, openModel } from "../../src/index.js";
import { columnist } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-multilabel-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const here = { cwd: folder };
const words = { anger: ["angry", "furious"], fear: ["afraid", "scared"], joy: ["happy", "glad"] };
const names = Object.keys(words);
const columns = ["--text", "text", "--label", "feelings"];

interface Post {
  id: number;
  text: string;
  feelings: string[];
}

function posts(count: number, seed: number): Post[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, id) => {
    const feelings = names.filter(() => random.float() < 0.4);
    const told = feelings.map((name) => words[name as keyof typeof words][random.integer(2)]);
    return { id, text: `Today I am ${["here", ...told].join(" and ")}, for the ${id}th time.`, feelings };
  });
}

function writeCsv(name: string, rows: readonly Post[], joined: (feelings: string[]) => string): void {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const lines = rows.map(({ id, text, feelings }) => `${id},${quoted(text)},${quoted(joined(feelings))}`);
  writeFileSync(join(folder, name), `id,text,feelings\n${lines.join("\n")}\n`);
}

function writeLines(name: string, rows: readonly object[]): void {
  writeFileSync(join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
}

function run(...args: string[]) {
  const answer = columnist(args, undefined, here);
  assert.equal(answer.code, 0, answer.stderr);
  return answer;
}

const training = posts(240, 1);
const fresh = posts(40, 2);

before(() => {
  writeLines("lists.jsonl", training);
  writeCsv("semicolons.csv", training, (own) => own.join(";"));
  writeCsv("commas.csv", training, (own) => own.join(", "));
  writeCsv("python.csv", training, (own) => (own.length === 0 ? "[]" : `['${own.join("', '")}']`));
  writeCsv("fresh.csv", fresh, (own) => own.join(" | "));
  run("train", "lists.jsonl", ...columns, "--model", "linear", "--out", "lists");
});

test("a list column is found to be several labels a row; texts are told to look like it, and divided when asked for", () => {
  const facts = (name: string) => JSON.parse(readFileSync(join(folder, name, "columnist.json"), "utf8"));
  assert.equal(facts("lists").task, "multilabel");
  const seen = new Set([JSON.stringify(facts("lists").answers.labels)]);
  for (const [table, separator] of [
    ["semicolons", ";"],
    ["commas", ","],
    ["python", ","],
  ]) {
    const flags = ["train", `${table}.csv`, ...columns, "--model", "linear", "--out", table];
    const hinted = run(...flags);
    const hint = `'feelings' looks like several labels a row, divided by '${separator}': add --task multilabel.`;
    assert.ok(hinted.stderr.includes(hint), hinted.stderr);
    // The hint's own advice replaces the model of before.
    const { stderr } = run(...flags, "--task", "multilabel");
    assert.doesNotMatch(stderr, /looks like/);
    assert.match(stderr, /\d+ of 240 rows have no label: learned as rows without any\./);
    assert.equal(facts(table).task, "multilabel");
    seen.add(JSON.stringify(facts(table).answers.labels));
  }
  assert.deepEqual([...seen], [JSON.stringify(names)]);
});

test("--separator says what stands between labels, and that there are several", () => {
  writeCsv("plus.csv", training, (own) => own.join(" + "));
  run("train", "plus.csv", ...columns, "--separator", "+", "--model", "linear", "--out", "plus");
  const { task, answers } = JSON.parse(readFileSync(join(folder, "plus", "columnist.json"), "utf8"));
  assert.deepEqual([task, answers.labels, answers.separator], ["multilabel", names, "+"]);
  const wrong = columnist(["train", "plus.csv", ...columns, "--separator", "+", "--task", "classify"], undefined, here);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /--separator is for --task multilabel, not for --task classify\. Omit one of them\./);
  const empty = columnist(["train", "plus.csv", ...columns, "--separator", ""], undefined, here);
  assert.match(empty.stderr, /--separator must be a text of at least one character/);
  assert.equal(empty.code, 2);
});

test("all families are compared; one document holds the figures", () => {
  const { stdout } = run("train", "lists.jsonl", ...columns, "--epochs", "2", "--out", "all", "--json");
  const { models, baselines, task, labels, thresholds } = JSON.parse(stdout);
  assert.equal(task, "multilabel");
  assert.deepEqual(labels, names);
  assert.equal(thresholds.length, 3);
  assert.deepEqual(
    models.map(({ family }: { family: string }) => family),
    ["linear", "cnn", "lstm", "transformer"],
  );
  assert.ok(models[0].microF1 > 0.9 && models[0].macroF1 > 0.9 && models[0].exactMatch > 0.8);
  assert.ok(models[0].microF1Interval.low <= models[0].microF1 && models[0].hammingLoss < 0.1);
  assert.match(baselines[0].name, /^always /);
});

test("a NULL list is not labelled, an empty one says that there is no label; a text says the same when it is empty or NULL", () => {
  const some = training.map(({ text, feelings }, i) => ({ text, feelings: i % 10 === 0 ? null : feelings }));
  writeLines("nulls.jsonl", some);
  const { stderr } = run("train", "nulls.jsonl", ...columns, "--model", "linear", "--out", "nulls");
  assert.match(stderr, /nulls\.jsonl: 24 rows without label were left out\./);
  const texts = some.map(({ text, feelings }) => ({ text, feelings: feelings?.join(";") ?? null }));
  writeLines("texts.jsonl", texts);
  const { rows } = JSON.parse(
    run("train", "texts.jsonl", ...columns, "--task", "multilabel", "--model", "linear", "--out", "texts", "--json")
      .stdout,
  );
  assert.deepEqual([rows.skippedEmptyLabel, rows.training + rows.validation + rows.heldOut], [0, 240]);
});

test("evaluate: figures, averages and a table by label; other separators are understood; groups have their own figures", () => {
  const { stdout, stderr } = run("evaluate", "lists", "fresh.csv", "--by", "id");
  assert.doesNotMatch(stderr, /was not in the training rows/);
  assert.match(stdout, /on 'feelings' of fresh\.csv: \d+ of 40 rows exactly right\.$/m);
  assert.match(stdout, /^Micro F1 +\d+\.\d % +\d+\.\d – \d+\.\d % with 95 % confidence$/m);
  for (const line of [
    "Average +Precision +Recall +F1",
    "samples +\\d",
    "Label +Rows +Precision +Recall +F1",
    "joy +\\d",
  ])
    assert.match(stdout, new RegExp(`^${line}`, "m"));
  assert.match(stdout, /^id +Rows +Micro F1 +95 % interval +Macro F1$/m);
  assert.ok(stdout.split("\n").every((line) => line.length <= 80));
  const document = JSON.parse(run("evaluate", "lists", "fresh.csv", "--json").stdout);
  assert.ok(document.micro.f1 > 0.9 && document.labelRanking > 0.9);
  assert.deepEqual(Object.keys(document.micro), ["precision", "recall", "f1"]);
  writeCsv("odd.csv", fresh, (own) => [...own, "envy"].join(";"));
  const odd = run("evaluate", "lists", "odd.csv", "--json");
  assert.match(odd.stderr, /Label 'envy' \(40 rows\) was not in the training rows: counted as errors\./);
  const { exactMatch, mistakes } = JSON.parse(odd.stdout);
  assert.equal(exactMatch, 0);
  assert.ok(Array.isArray(mistakes));
});

test("predict adds a list: in Parquet a LIST, in JSON an array, in CSV joined by the separator", async () => {
  const query = "SELECT * FROM input WHERE id IN ('0', '1', '2', '3', '4') UNION ALL SELECT '5', NULL, NULL";
  const flags = ["lists", "fresh.csv", "--query", query];
  run("predict", ...flags, "--out", "answers.jsonl");
  const rows = readFileSync(join(folder, "answers.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const sets = fresh.slice(0, 5).map(({ feelings }) => feelings);
  assert.deepEqual(
    rows.map((row) => row.feelings_predicted),
    [...sets, null],
  );
  const csv = run("predict", ...flags)
    .stdout.trim()
    .split("\n");
  assert.equal(csv[0], "id,text,feelings,feelings_predicted");
  // A row without a label has an empty text, one without a text has nothing.
  for (const [row, set] of sets.entries())
    assert.ok(csv[row + 1].endsWith(set.length > 0 ? `,${set.join(";")}` : ',""'));
  assert.ok(csv[6].endsWith(","));
  assert.ok(sets.some(({ length }) => length === 0) && sets.some(({ length }) => length > 1));

  run("predict", ...flags, "--probabilities", "--out", "answers.parquet");
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const result = await connection.runAndReadAll(`SELECT * FROM '${join(folder, "answers.parquet")}'`);
  assert.deepEqual(
    result
      .columnNames()
      .map((name, i) => `${name} ${result.columnType(i)}`)
      .slice(3),
    ["feelings_predicted VARCHAR[]", ...names.map((name) => `feelings_probability_${name} FLOAT`)],
  );
  const parquet = result.getRowObjectsJson();
  assert.deepEqual(
    parquet.map((row) => row.feelings_predicted),
    [...sets, null],
  );
  for (const [row, set] of sets.entries())
    for (const name of set) assert.ok(Number(parquet[row][`feelings_probability_${name}`]) > 0.3);
  assert.equal(parquet[5].feelings_probability_joy, null);
  connection.closeSync();
  instance.closeSync();
});

test("labels of a list of numbers come back as numbers", () => {
  writeLines(
    "numbers.jsonl",
    training.map(({ text, feelings }) => ({ text, feelings: feelings.map((name) => names.indexOf(name)) })),
  );
  run("train", "numbers.jsonl", ...columns, "--model", "linear", "--out", "numbers");
  run("predict", "numbers", "numbers.jsonl", "--out", "numbers-answers.jsonl");
  const [first] = readFileSync(join(folder, "numbers-answers.jsonl"), "utf8").split("\n");
  assert.deepEqual(
    JSON.parse(first).feelings_predicted,
    training[0].feelings.map((name) => names.indexOf(name)),
  );
});

test("predict --by: the share of the rows of a group that get each label, which do not sum to 1", () => {
  const { stdout } = run("predict", "lists", "lists.jsonl", "--by", "feelings", "--out", "grouped.jsonl");
  assert.match(stdout, /^feelings +Rows +anger +fear +joy$/m);
  assert.match(stdout, /^\["anger", ?"fear"\] +\d+[ *] +(9\d|100)\.\d % +(9\d|100)\.\d % +\d\.\d %$/m);
  const { groups } = JSON.parse(
    run("predict", "lists", "lists.jsonl", "--by", "feelings", "--out", "grouped.jsonl", "--json").stdout,
  );
  assert.ok(groups.every(({ withoutText }: { withoutText: number }) => withoutText === 0));
});

test("inspect tells the labels; a program gets lists and probabilities", async () => {
  assert.match(run("inspect", "lists").stdout, /^Output +feelings, any of 3: anger, fear, joy$/m);
  const model = await openModel<LabelSet>(join(folder, "lists"), { threads: 1 });
  const answers = await model.answer(["I am furious and glad", "I am here"]);
  assert.deepEqual(
    answers.map(({ labels }) => labels),
    [["anger", "joy"], []],
  );
  assert.deepEqual(Object.keys(answers[0].probabilities), names);
  assert.ok(answers[0].probabilities.joy > answers[0].probabilities.fear);
  await model.close();
});
