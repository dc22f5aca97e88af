// Groups, times and folds from the table to what is written with their model, for every task.
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { createRandom } from "../../src/base/random.js";
import { foldRows, judgingFolds, learnedRows } from "../../src/tasks/fold-rows.js";
import { type Measure, type SplitRows, splitRows, tasks } from "../../src/tasks/index.js";
import { readRowParts } from "../../src/tasks/row-parts.js";
import { textKey } from "../../src/tasks/training-texts.js";
import { predictTable } from "../../src/workflows/predict/run.js";
import { judge } from "../../src/workflows/train/choose-by-folds.js";
import type { TrainOptions } from "../../src/workflows/train/options.js";
import { trainModel } from "../../src/workflows/train/run.js";
import { trainFamily } from "../../src/workflows/train/train-family.js";
import { columnist } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-folds-"));
const at = (name: string) => join(folder, name);
after(() => rmSync(folder, { recursive: true, force: true }));

/** Words that tell nothing: whoever knows a row's label has seen the row. */
const random = createRandom(8);
const word = () => Array.from({ length: 6 }, () => "abcdefghijklmnop"[random.integer(16)]).join("");
const rows = Array.from({ length: 90 }, (_, i) => {
  const mood = random.float() < 0.5 ? "good" : "bad";
  return {
    body: Array.from({ length: 6 }, word).join(" "),
    mood,
    stars: mood === "good" ? 4.5 : 1.25,
    tags: mood === "good" ? ["good"] : ["bad", "sad"],
    who: `p${i % 30}`,
    day: `2026-01-${String(1 + Math.floor(i / 3)).padStart(2, "0")}`,
  };
});
const table = at("rows.jsonl");
const write = (path: string, own: readonly object[]) =>
  writeFileSync(path, own.map((row) => JSON.stringify(row)).join("\n"));
write(table, rows);
const read = (path: string) =>
  readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const usual = { text: ["body"], label: "mood", model: "linear" as const, threads: 1 };
const train = (out: string, options: Partial<TrainOptions> = {}, said: string[] = []) =>
  trainModel(table, { ...usual, out: at(out), ...options }, { onMessage: (message) => said.push(message) });

const errorOf: Record<string, (row: Record<string, unknown>) => number> = {
  mood: (row) => (row.mood === row.mood_predicted ? 0 : 1),
  stars: (row) => Math.abs(Number(row.stars) - Number(row.stars_predicted)),
  tags: (row) => (JSON.stringify(row.tags) === JSON.stringify(row.tags_predicted) ? 0 : 1),
};

for (const [label, task, figure, isRight] of [
  ["mood", "classify", "accuracy", true],
  ["stars", "regression", "mae", false],
  ["tags", "multilabel", "exactMatch", true],
] as const)
  test(`${task}: out-of-fold answers are those of models that have not seen the row`, async () => {
    const { comparison } = await train(task, { label, task, folds: 3 });
    const learned = comparison.rows.training + comparison.rows.validation;
    assert.deepEqual([comparison.outOfFold!.folds, comparison.outOfFold!.rows], [3, learned]);
    assert.ok(comparison.outOfFold!.figures[0].interval);
    const error = async (outOfFold: boolean) => {
      const out = at(`${task}-${outOfFold}.jsonl`);
      const { outOfFold: counts } = await predictTable(at(task), table, { out, outOfFold });
      if (outOfFold) assert.deepEqual(counts, { outOfFold: learned, predicted: rows.length - learned });
      const parts = readRowParts(at(task))!;
      const own = read(out).filter(({ body }) => parts.partOf(body) !== "held-out");
      assert.equal(own.length, learned);
      return own.reduce((sum, row) => sum + errorOf[label](row), 0) / learned;
    };
    const [seen, unseen] = [await error(false), await error(true)];
    const told = comparison.outOfFold!.figures.find(({ name }) => name === figure)!.value;
    assert.ok(Math.abs(unseen - (isRight ? 1 - told : told)) < 1e-6, `${unseen} and ${told}`);
    assert.ok(task === "regression" || seen < 0.9 * unseen, `${seen} and ${unseen}`);
  });

test("predict --out-of-fold from outside, with rows of other tables; without folds it is refused", () => {
  const { partOf } = readRowParts(at("classify"))!;
  const known = rows.find(({ body }) => partOf(body) !== "held-out")!;
  write(at("new.jsonl"), [
    { ...rows[0], body: "new words" },
    { ...known, body: `  ${known.body.toUpperCase()}` },
  ]);
  const args = ["predict", at("classify"), at("new.jsonl"), "--out-of-fold", "--probabilities", "--json"];
  const { code, stdout, stderr } = columnist(args);
  assert.equal(code, 0, stderr);
  const { outOfFold, predictions } = JSON.parse(stdout);
  assert.deepEqual(outOfFold, { outOfFold: 1, predicted: 1 });
  assert.equal(predictions.length, 2);
  assert.match(stderr, /\d out-of-fold answers?; \d rows? not in training, answered by the model\./);
});

test("an interrupted run goes on with the folds that it has, to the same bits", async () => {
  const options = { model: "cnn" as const, epochs: 1, folds: 2 };
  const own = { ...usual, ...options };
  await trainModel(
    table,
    { ...own, out: at("whole") },
    {
      onProgress({ stage }) {
        if (stage.startsWith("cnn, fold 2 of 2") && !existsSync(at("copy")))
          cpSync(at("whole/run"), at("copy/run"), { recursive: true });
      },
    },
  );
  rmSync(at("copy/run/lock"), { force: true, recursive: true });
  const stages = new Set<string>();
  const { comparison } = await trainModel(
    table,
    { ...own, out: at("copy"), resume: true },
    { onProgress: ({ stage }) => stages.add(stage.split(":")[0]) },
  );
  assert.ok(stages.has("cnn, fold 2 of 2"), [...stages].join());
  assert.ok(![...stages].some((stage) => stage.startsWith("cnn, fold 1")), [...stages].join());
  assert.equal(comparison.outOfFold!.folds, 2);
  for (const name of ["out-of-fold.safetensors", "row-parts.safetensors", "weights.safetensors"])
    assert.ok(readFileSync(at(`copy/${name}`)).equals(readFileSync(at(`whole/${name}`))), name);
});

test("columns of a split are in the folder, inspect and the report; intervals are those of groups", async () => {
  const said: string[] = [];
  const grouped = await train("grouped", { group: "who", folds: 3 }, said);
  assert.deepEqual(grouped.comparison.split, { group: "who", groupInTest: 0, repeatedTexts: 0 });
  assert.ok(
    said.some((message) => /'who' has 6 values: intervals over so few groups/.test(message)),
    said.join("\n"),
  );
  const { options } = JSON.parse(readFileSync(at("grouped/columnist.json"), "utf8"));
  assert.deepEqual([options.group, options.folds], ["who", 3]);
  const inspected = columnist(["inspect", at("grouped")]);
  assert.match(inspected.stdout, /^Split +by groups: no value of who is in two parts$/m);
  assert.match(inspected.stdout, /^Out of fold \(3 folds, 72 rows\): accuracy \d/m);
  const page = readFileSync(at("grouped/report.html"), "utf8");
  assert.match(page, /rows with the same who.*<h2>Settings/s);
  assert.match(page, /<h2>Out-of-fold answers<\/h2>/);
  const { comparison } = await train("timed", { time: "day" });
  assert.match(comparison.heldOutSource, /^the newest 20 % of the rows of .* by 'day'$/);
  assert.match(readFileSync(at("timed/report.html"), "utf8"), /day: the newest rows are held out/);
});

test("what cannot be done is said", async () => {
  const cases: [Partial<TrainOptions>, RegExp][] = [
    [{ folds: 3, time: "day" }, /folds trains models on later rows to answer earlier ones, which time rules out/],
    [{ group: "who", time: "day" }, /group and time divide the rows in two ways/],
    [{ group: "whom" }, /Column 'whom' is not in .*Did you mean 'who'/],
    [{ group: "mood" }, /has 2 values of 'mood'; 3 are needed/],
    [{ time: "who" }, /'who' .* is not a column of times: 90 rows of 90 have none, such as 'p0'/],
    [{ folds: 20, query: "SELECT * FROM input LIMIT 18" }, /rows with \d+ different texts .* are too few for 20 folds/],
  ];
  for (const [options, message] of cases) await assert.rejects(train("none", options), { name: "UserError", message });
  assert.ok(!existsSync(at("none")));
  await train("plain");
  await assert.rejects(predictTable(at("plain"), table, { outOfFold: true, out: at("none.csv") }), {
    name: "UserError",
    message: /has no out-of-fold answers: train it with folds/,
  });
  const said: string[] = [];
  const query = "SELECT * REPLACE (CASE WHEN body < 'b' THEN 'rare' ELSE mood END AS mood) FROM input";
  await train("rare", { folds: 10, query }, said);
  assert.ok(
    said.some((one) => /^Labels with fewer different texts than the 10 folds: 'rare' \(\d\)\./.test(one)),
    said.join("\n"),
  );
});

const classify = await tasks.classify.load();

function splitOf(count: number, group?: string): SplitRows {
  const texts = Array.from({ length: count }, (_, i) =>
    i % 20 === 3 ? "the same words" : `${word()} ${i % 2 ? "fine" : "poor"} ${i}`,
  );
  const others = { who: texts.map((_, i) => `p${i % 25}`) };
  const unfit = { rows: 0, example: "", noun: "a label" };
  const read = { source: "rows.csv", labelColumn: "mood", texts, others, unfit, places: [...texts.keys()] };
  const labelled = {
    ...read,
    labels: texts.map((_, i) => (i % 2 ? "good" : "bad")),
    skippedEmptyText: 0,
    skippedEmptyLabel: 0,
  };
  return splitRows(classify, labelled, undefined, 0, { manyLabels: false, group });
}

test("every row is held by one fold, whose model has nothing of its text or group, and has every label", () => {
  for (const group of [undefined, "who"]) {
    const split = splitOf(200, group);
    const { texts, groups, labels } = learnedRows(split);
    for (const [folds, seen] of [
      [foldRows(classify, split, 4, 0).folds, texts.length],
      [judgingFolds(classify, split, 4, 0), split.training.texts.length],
    ] as const) {
      assert.equal(folds.length, 4);
      assert.deepEqual(
        folds.flatMap(({ held }) => held).toSorted((a, b) => a - b),
        [...texts.keys()].slice(0, seen),
      );
      for (const { held, rows: own, heldTexts } of folds) {
        const known = new Set(
          [...own.training.texts, ...(own.validation.texts === heldTexts ? [] : own.validation.texts)].map(textKey),
        );
        const isTrial = own.validation.texts.length === held.length;
        assert.ok(held.every((row) => !new Set(own.training.texts.map(textKey)).has(textKey(texts[row]))));
        if (!isTrial) assert.ok(held.every((row) => !known.has(textKey(texts[row]))));
        assert.ok(Math.abs(held.length - seen / 4) <= 10, `${held.length} of ${seen}`);
        const good = held.filter((row) => labels[row] === "good").length / held.length;
        assert.ok(Math.abs(good - 0.5) < 0.15, String(good));
      }
      if (group)
        for (const own of new Set(groups.slice(0, seen)))
          assert.equal(folds.filter(({ held }) => held.some((row) => groups[row] === own)).length, 1);
    }
  }
});

test("few rows are chosen by in folds, more by the validation rows; an abort leaves those", async () => {
  const { linear } = classify.families;
  const told: (string | undefined)[] = [];
  const other = {
    ...linear,
    async load() {
      const family = await linear.load();
      const train: typeof family.train = (own, ...more) => {
        told.push(own.head.overall?.name);
        return family.train(own, ...more);
      };
      return { ...family, train };
    },
  };
  const task = { ...classify, families: { linear, other } };
  const options = { seed: 0, threads: 1 };
  const keeper = {
    finished: () => undefined,
    answers: () => undefined,
    start: () => ({
      place: { folder: at("place"), pace: { whenDue() {}, orTell() {}, now() {} }, say() {} },
      seconds: () => 1,
    }),
    keep: async () => {},
    keepAnswers() {},
    release: async () => {},
  };
  const judged = async (
    count: number,
    settings: { model?: "linear"; signal?: AbortSignal; augmentSwaps?: string[]; metric?: Measure } = {},
  ) => {
    const split = splitOf(count);
    const candidates = await Promise.all(
      ["linear", "other"].map((name) => trainFamily(task, { name, family: name }, split, options, keeper, {})),
    );
    const { model = "all" as const, augmentSwaps = [], metric } = settings;
    const own = { model, splitSeed: 0, augmentSwaps };
    const result = await judge(candidates, split, { task, options, keeper, metric }, own, {
      signal: settings.signal,
    });
    return { split, ...result, lengths: result.candidates.map((one) => one.judged.length / 2) };
  };
  const few = await judged(150);
  const learned = few.split.training.texts.length + few.split.validation.texts.length;
  assert.deepEqual(few.choice, { folds: 5, rows: learned });
  assert.deepEqual(few.lengths, [learned, learned]);
  assert.ok(few.candidates.every(({ result }) => result.validation.accuracy > 0.9));
  assert.ok(few.candidates[0].judged.every((value) => value > 0 && value < 1));
  told.length = 0;
  const metric = classify.measures.find(({ name }) => name === "macroF1")!;
  const { candidates } = await judged(150, { metric });
  assert.equal(told.filter((name) => name === metric.title).length, 4);
  assert.ok(candidates.every(({ result }) => result.validation.macroF1 > 0.9));
  for (const [count, settings] of [
    [100, {}],
    // Versions of one row would stand in several folds.
    [150, { augmentSwaps: ["gender"] as string[] }],
    [1300, {}],
    [150, { model: "linear" as const }],
    [150, { signal: AbortSignal.abort() }],
  ] as const) {
    const { split, choice, lengths } = await judged(count, settings);
    assert.equal(choice, undefined, String(count));
    assert.equal(lengths[0], split.validation.texts.length);
  }
});
