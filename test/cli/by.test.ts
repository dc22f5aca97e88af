// Figures by group: columnist evaluate and predict with --by.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { columnist, reviews, writeCsv } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-by-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const model = join(folder, "model");
const table = join(folder, "rows.jsonl");
/** 60 rows of shop 1, 40 of shop 2 half of which are labelled wrong, 12 of none, and 35 shops of one row. */
const rows = reviews(147, 2).map(({ body, mood }, i) => {
  const store = i < 60 ? 1 : i < 100 ? 2.0 : i < 112 ? null : 1000 + i;
  const isWrong = i >= 60 && i < 100 && i % 2 === 0;
  return { body, mood: isWrong ? (mood === "good" ? "bad" : "good") : mood, store };
});

before(() => {
  const training = writeCsv(join(folder, "train.csv"), reviews(200));
  const { code, stderr } = columnist([
    "train",
    training,
    "--text",
    "body",
    "--label",
    "mood",
    "--model",
    "linear",
    "--out",
    model,
  ]);
  assert.equal(code, 0, stderr);
  writeFileSync(table, rows.map((row) => JSON.stringify(row)).join("\n"));
});

test("evaluate --by: accuracy, interval and macro F1 of each group", () => {
  const { code, stdout, stderr } = columnist(["evaluate", model, table, "--by", "store", "--json"]);
  assert.equal(code, 0, stderr);
  const { by, groups, accuracy } = JSON.parse(stdout);
  assert.equal(by, "store");
  assert.equal(groups.length, 38);
  assert.deepEqual(
    groups.slice(0, 4).map(({ group, rows, accuracy, isSmall }: never) => [group, rows, accuracy, isSmall]),
    [
      ["1", 60, 1, false],
      ["2", 40, 0.5, false],
      [null, 12, 1, true],
      ["1112", 1, 1, true],
    ],
  );
  assert.ok(groups[1].accuracyInterval.low > 0.3 && groups[1].accuracyInterval.high < 0.7);
  assert.ok(Math.abs(accuracy - 127 / 147) < 1e-9);

  const text = columnist(["evaluate", model, table, "--by", "store"]).stdout;
  const shown = text.slice(text.indexOf("\nstore "));
  assert.match(shown, /^1 +60 +100\.0 %/m);
  assert.match(shown, /^\(no value\) +12\* +100\.0 %/m);
  assert.match(shown, /… and 8 more \(--json\)\n\* fewer than 30 rows/);
  assert.ok(shown.split("\n").every((line) => line.length <= 80));
});

test("predict --by: shares of the answers; the rows that are written stay as they are", () => {
  const plain = join(folder, "plain.jsonl");
  const grouped = join(folder, "grouped.jsonl");
  assert.equal(columnist(["predict", model, table, "--out", plain]).code, 0);
  const { code, stdout, stderr } = columnist(["predict", model, table, "--by", "store", "--out", grouped]);
  assert.equal(code, 0, stderr);
  assert.deepEqual(readFileSync(grouped), readFileSync(plain));
  const answers = readFileSync(plain, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const good = answers.slice(0, 60).filter((row) => row.mood_predicted === "good").length;
  assert.match(stdout, /147 rows written .*\n\nstore +Rows +bad +good\n/);
  assert.match(
    stdout,
    new RegExp(`^1 +60 +${((100 * (60 - good)) / 60).toFixed(1)} % +${((100 * good) / 60).toFixed(1)} %$`, "m"),
  );

  const piped = columnist(["predict", model, "-", "--by", "store"], readFileSync(table));
  assert.equal(piped.code, 0, piped.stderr);
  assert.equal(piped.stdout.trim().split("\n").length, 148);
  assert.match(piped.stderr, /^\(no value\) +12\*/m);

  const document = JSON.parse(columnist(["predict", model, table, "--by", "store", "--json"]).stdout);
  assert.equal(document.predictions.length, 147);
  assert.deepEqual(
    document.groups[0].labels.map(({ rows }: never) => rows),
    [60 - good, good],
  );
});

test("a column to group by that is not there is named, and nothing is written", () => {
  for (const command of ["evaluate", "predict"]) {
    const { code, stdout, stderr } = columnist([command, model, table, "--by", "stoer"]);
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(stderr, /Column 'stoer' is not in .*Did you mean 'store'\?/);
  }
});
