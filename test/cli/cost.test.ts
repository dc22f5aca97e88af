import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { usualWatts } from "../../src/cost/index.js";
import type { AnsweringCostResult } from "../../src/workflows/cost/answering.js";
import type { CostOptions } from "../../src/workflows/cost/options.js";
import { tellCost } from "../../src/workflows/cost/run.js";
import type { TrainingCostResult } from "../../src/workflows/cost/training.js";
import { trainModel } from "../../src/workflows/train/run.js";
import { columnist, reviews, writeCsv } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-cost-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const table = writeCsv(at("rows.csv"), reviews(120));
const few = writeCsv(at("few.csv"), reviews(20));
writeFileSync(at("empty.csv"), "id,title,body,mood\n1,,,good\n");
const columns = { text: ["body"], label: "mood" };
const model = at("model");
await trainModel(table, { ...columns, model: "linear", out: model });

test("training: networks by their graphs and a few steps, linear models by parts; nothing is written", async () => {
  const before = readdirSync(folder);
  const options: CostOptions = { ...columns, model: "cnn", epochs: 2, watts: 20, threads: 2 };
  const told = (await tellCost(table, undefined, options)) as TrainingCostResult;
  assert.deepEqual(
    told.families.map(({ family }) => family),
    ["linear", "cnn"],
  );
  const [linear, cnn] = told.families;
  assert.deepEqual(Object.keys(linear).sort(), ["family", "seconds", "wattHours"]);
  assert.equal(cnn.epochs, 2);
  // 77 training rows in batches of 32, and 96 with the validation rows.
  assert.equal(
    cnn.steps,
    2 * Math.ceil(told.rows.training / 32) + 2 * Math.ceil((told.rows.training + told.rows.validation) / 32),
  );
  assert.equal(cnn.wattHours, (cnn.seconds * 2 * 20) / 3600);
  assert.equal(linear.wattHours, (linear.seconds * 20) / 3600);
  assert.ok(cnn.seconds > 0 && cnn.bytes! > 4 * 3 * cnn.parameters!);
  // Six operations a weight and position forward and backward: three convolutions of 128 features to 100 are most of it.
  const least = 6 * cnn.steps! * 24 * 8 * 128 * 100;
  assert.ok(cnn.flops! > least && cnn.flops! < 100 * least, String(cnn.flops));
  assert.deepEqual(readdirSync(folder), before);
});

test("answering: rows of a table, or made-up texts", async () => {
  const told = (await tellCost(model, table)) as AnsweringCostResult;
  const { measured, table: all, flopsPerRow, rowsPerSecond, watts } = told;
  assert.equal(watts, usualWatts);
  assert.equal(measured.texts, 120);
  assert.equal(all?.rows, 120);
  assert.ok(Math.abs(all.seconds - 120 / rowsPerSecond) < 1e-9);
  assert.ok(Math.abs(all.flops! - 120 * flopsPerRow!) < 1e-6 && flopsPerRow! > 10);
  const madeUp = (await tellCost(model)) as AnsweringCostResult;
  assert.equal(madeUp.table, undefined);
  assert.ok(madeUp.measured.words! > 0);
});

test("encoders and language models", async () => {
  const encoder = (await tellCost("test/golden/encoders/bert", few, {
    text: ["body"],
    threads: 1,
  })) as AnsweringCostResult;
  assert.ok(encoder.parameters! > 0 && encoder.flopsPerRow! > 2 * encoder.parameters! * 0.1);
  const decoder = (await tellCost("test/golden/decoders/llama", few, {
    text: ["body"],
    threads: 1,
  })) as AnsweringCostResult;
  const { perToken, flopsPerRow } = decoder;
  assert.ok(perToken!.tokensPerRow > 5);
  assert.ok(Math.abs(perToken!.flops! * perToken!.tokensPerRow - flopsPerRow!) < 1e-6 * flopsPerRow!);
});

test("wrong input is told with the next step", async () => {
  const cases: [input: string, table: string | undefined, options: CostOptions, message: RegExp][] = [
    [table, undefined, {}, /is a file and no model.*text and label/],
    [table, undefined, { label: "mood" }, /Specify the text column with text/],
    [table, table, columns, /With label one table is read/],
    [model, undefined, columns, /is the folder of a model: omit label/],
    [model, undefined, { epochs: 3 }, /epochs is for training: name the column to predict with label/],
    [model, undefined, { model: "cnn" }, /model is for training/],
    [model, undefined, { tune: "lora" }, /tune is for training/],
    [model, at("empty.csv"), {}, /No row of .*empty\.csv has a text/],
    [model, table, { text: ["nobody"] }, /nobody/],
    [table, undefined, { ...columns, label: "nobody" }, /nobody/],
    [table, undefined, { ...columns, model: "full" }, /full needs base/],
    [at("nowhere"), undefined, {}, /nowhere/],
  ];
  for (const [input, rows, options, message] of cases)
    await assert.rejects(tellCost(input, rows, options), { name: "UserError", message }, String(message));
  const stopped = { signal: AbortSignal.abort() };
  await assert.rejects(tellCost(model, undefined, {}, stopped), { name: "CancelledError" });
  await assert.rejects(tellCost(table, undefined, { ...columns, model: "cnn" }, stopped), { name: "CancelledError" });
});

test("for people: 80 columns, the assumption beside the energy", () => {
  const training = columnist(["cost", table, "--text", "body", "--label", "mood", "--model", "cnn", "--epochs", "1"]);
  const answering = columnist(["cost", model, table, "--watts", "7"]);
  for (const { code, stdout, stderr } of [training, answering]) {
    assert.equal(code, 0, stderr);
    assert.ok(
      stdout.split("\n").every((line) => line.length <= 80),
      stdout,
    );
    assert.match(stdout.replace(/\s+/g, " "), /Energy is an estimate: (10|7) W for each busy core/);
  }
  assert.match(training.stdout, /^cnn +[\d,]+ +1 +[\d.]+ [MG]FLOP +\d+ MB +[\d.]+ m?s +[\d.]+ mWh$/m);
  assert.match(answering.stdout, /^Rows a second +[\d,]+$/m);
});
