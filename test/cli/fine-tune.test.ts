// columnist train --base from outside: a pretrained model of each kind becomes a classifier, and what bad input gets.
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { changeFacts, readRawFacts } from "../folders.js";
import { columnist, reviews, writeCsv } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-fine-tune-"));
const here = { cwd: folder };
after(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: string[]) => columnist(args, undefined, here);
const columns = ["--text", "title", "--text", "body", "--label", "mood"];
const small = ["--layers", "2", "--hidden", "16", "--heads", "2", "--context", "32", "--vocab-size", "400"];
const kinds: Record<string, string[]> = {
  transformer: [],
  masked: ["--objective", "masked"],
  lstm: ["--model", "lstm"],
};

function document(answer: { code: number | null; stdout: string; stderr: string }) {
  assert.equal(answer.code, 0, answer.stderr);
  return JSON.parse(answer.stdout);
}

before(() => {
  writeCsv(join(folder, "reviews.csv"), reviews(200, 1));
  writeCsv(join(folder, "new.csv"), reviews(30, 2));
  for (const [name, flags] of Object.entries(kinds)) {
    const sizes = name === "lstm" ? small.filter((_, i) => i !== 4 && i !== 5) : small;
    const args = ["pretrain", "reviews.csv", "--text", "title", "--text", "body", ...sizes, "--steps", "20"];
    document(run(...args, "--batch-tokens", "256", "--out", name, "--json", ...flags));
  }
});

for (const name of Object.keys(kinds))
  test(`${name}: fine-tuned, compared, kept; the same bits on one thread and on two`, () => {
    const args = [
      "train",
      "reviews.csv",
      ...columns,
      "--base",
      name,
      "--model",
      "pretrained",
      "--epochs",
      "3",
      "--json",
    ];
    const answer = document(run(...args, "--out", `${name}-model`));
    assert.deepEqual(
      answer.models.map(({ family }: { family: string }) => family),
      ["linear", "pretrained"],
    );
    assert.equal(answer.family, "pretrained");
    document(run(...args, "--out", `${name}-again`, "--threads", "1"));
    const [first, again] = ["model", "again"].map((end) =>
      readFileSync(join(folder, `${name}-${end}`, "weights.safetensors")),
    );
    assert.deepEqual(first, again);

    const predicted = run("predict", `${name}-model`, "new.csv", "--probabilities");
    assert.equal(predicted.stdout.trim().split("\n").length, 31, predicted.stderr);
    const measured = document(run("evaluate", `${name}-model`, "new.csv", "--json"));
    assert.equal(measured.rows, 30);
    assert.match(run("inspect", `${name}-model`).stdout, /pretrained/);
    const embedded = run("embed", "new.csv", "--text", "body", "--with", `${name}-model`, "--out", `${name}.parquet`);
    assert.equal(embedded.code, 0, embedded.stderr);
    const found = document(run("search", "new.csv", "--text", "body", "a good one", "--with", name, "--json"));
    assert.equal(found.matches.length, 10);
    assert.ok(found.matches[0].similarity <= 1.0001);
  });

test("with --base, all families are compared", () => {
  const args = ["train", "reviews.csv", ...columns, "--base", "transformer", "--epochs", "1", "--out", "all", "--json"];
  const { models } = document(run(...args));
  assert.deepEqual(
    models.map(({ family }: { family: string }) => family),
    ["linear", "cnn", "lstm", "transformer", "pretrained"],
  );
});

test("bad input is named, and nothing is written", () => {
  const train = ["train", "reviews.csv", ...columns, "--out", "bad"];
  const cases: [string[], RegExp][] = [
    [["--model", "pretrained"], /needs --base/],
    [["--base", "nowhere"], /nowhere/],
    [["--base", "transformer", "--model", "cnn"], /not for --model cnn/],
    [["--base", "masked-model", "--model", "pretrained"], /text model/],
    [["--base", "counts"], /n-gram model/],
    [["--base", "torn"], /torn/],
  ];
  document(run("pretrain", "reviews.csv", "--text", "body", "--model", "ngram", "--out", "counts", "--json"));
  mkdirSync(join(folder, "torn"));
  for (const name of ["columnist.json", "tokenizer.json"])
    copyFileSync(join(folder, "transformer", name), join(folder, "torn", name));
  for (const [flags, message] of cases) {
    const { code, stderr } = run(...train, ...flags);
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  }
});

test("a fine-tuned model's folder with a wrong description is refused", () => {
  const place = join(folder, "masked-model");
  const { model } = readRawFacts(place);
  changeFacts(place, { model: { ...(model as object), body: { layers: 3 } } });
  const { code, stderr } = run("predict", "masked-model", "new.csv");
  changeFacts(place, { model });
  assert.equal(code, 2);
  assert.match(stderr, /columnist\.json/);
});
