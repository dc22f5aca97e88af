// columnist compare: models on the same rows.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type CompareOptions, compareModels, type TrainOptions, trainModel } from "../../src/index.js";
import { columnist, type Review, reviews, writeCsv } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-compare-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string) => join(folder, name);
const table = path("rows.csv");

async function train(name: string, rows: Review[], options: Partial<TrainOptions> = {}): Promise<void> {
  const source = writeCsv(path(`${name}.csv`), rows);
  await trainModel(source, { text: ["body"], label: "mood", model: "linear", out: path(name), ...options });
}

before(async () => {
  const rows = reviews(240);
  await train("good", rows);
  // Two fifths of its labels are wrong.
  await train(
    "poor",
    rows.map((row, i) => (i % 5 < 2 ? { ...row, mood: row.mood === "good" ? "bad" : "good" } : row)),
  );
  await train("titles", rows, { text: ["title"] });
  await train(
    "others",
    rows.map((row) => ({ ...row, mood: row.mood === "good" ? "fine" : "bad" })),
  );
  await train(
    "numbers",
    rows.map((row, i) => ({ ...row, mood: String(i % 7) })),
    { task: "regression" },
  );
  writeCsv(
    table,
    reviews(150, 2).map((row, i) => ({ ...row, id: String(i % 10), mood: i % 9 === 0 ? "bad" : row.mood })),
  );
});

test("which is better, by how much, and in words; the page says the same", () => {
  const page = path("compare.html");
  const { code, stdout, stderr } = columnist([
    "compare",
    path("poor"),
    path("good"),
    path("titles"),
    table,
    "--json",
    "--out",
    page,
  ]);
  assert.equal(code, 0, stderr);
  const { models, pairs, rows, metric } = JSON.parse(stdout);
  assert.equal(rows, 150);
  assert.equal(metric.name, "accuracy");
  assert.equal(models[2].model, path("poor"));
  assert.ok(models[0].value > 0.9 && models[0].interval.low < models[0].value);
  assert.equal(pairs.length, 3);
  for (const { better, worse, difference, interval, probability, isShown, sentence, test: name } of pairs) {
    const [a, b] = [better, worse].map((one) => models.find(({ model }: { model: string }) => model === one).value);
    assert.ok(Math.abs(a - b - difference) < 1e-12 && difference >= 0);
    assert.ok(interval.low <= difference && difference <= interval.high);
    assert.equal(isShown, probability < 0.05);
    assert.equal(name, "mcnemar");
    assert.match(
      sentence,
      isShown ? / beats .* by [\d.]+ points? \(/ : /may be chance: with 150 test rows no difference/,
    );
    assert.ok(readFileSync(page, "utf8").includes(sentence.slice(-30)));
  }
  const again = columnist(["evaluate", path("good"), table, "--json"]);
  const own = models.find(({ model }: { model: string }) => model === path("good"));
  assert.ok(Math.abs(JSON.parse(again.stdout).accuracy - own.value) < 1e-12);

  const text = columnist(["compare", path("good"), path("poor"), table, "--metric", "macro-f1", "--group", "id"]);
  assert.equal(text.code, 0, text.stderr);
  assert.match(text.stdout, /2 models on 'mood' of .*\(150 rows, grouped by 'id'\):\n\nModel +Family +Macro F1/);
});

test("what cannot be compared is told", async () => {
  const wrong: [models: string[], options: CompareOptions, message: RegExp][] = [
    [["good"], {}, /at least two models and a table/],
    [["good", "good"], {}, /is named twice/],
    [["good", "others"], {}, /does not have the labels .* it also knows 1 label such as 'fine'/],
    [["good", "numbers"], {}, /is a text classifier and .* is a regression model: only models of one task/],
    [["good", "poor"], { metric: "macrof2" }, /metric takes accuracy, macro-f1.*Did you mean 'macro-f1'/],
    [["good", "poor"], { group: "nothing" }, /nothing/],
    [["good", "."], {}, /not a model folder/],
  ];
  for (const [models, options, message] of wrong)
    await assert.rejects(compareModels(models.map(path), table, options), message, models.join());
  const { code, stderr } = columnist(["compare", path("good"), table]);
  assert.equal(code, 2);
  assert.match(stderr, /columnist compare <model> <model> <table>/);
});
