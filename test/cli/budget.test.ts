// columnist train --budget: candidates beside each other, the figure that they are chosen by, and budgets that are too small.
import assert from "node:assert/strict";
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openFolder, readModelFiles, writeFolder, writeModelFiles } from "../../src/folders/index.js";
import { ensembleFamily, ensembleFiles, ensembleName } from "../../src/tasks/families/ensemble.js";
import { comparisonSchema, openTextModel, tasks } from "../../src/tasks/index.js";
import { openModel } from "../../src/tasks/open-model.js";
import { type TrainResult, trainModel } from "../../src/workflows/train/run.js";
import { trialsOf } from "../../src/workflows/train/trials.js";
import { columnist, reviews, writeCsv } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-budget-"));
const at = (name: string) => join(folder, name);
after(() => rmSync(folder, { recursive: true, force: true }));
const asked = { text: ["body"], label: "mood" };
let searched: TrainResult;

before(async () => {
  writeCsv(at("reviews.csv"), reviews(360));
  const settings = { ...asked, model: "linear" as const, metric: "macro-f1", budget: "60s", out: at("model") };
  searched = await trainModel(at("reviews.csv"), settings);
});

test("settings of a family stand beside each other by their names, and the report says why one was chosen", () => {
  const { comparison } = searched;
  const names = ["linear", "linear-2", "linear-4", "linear-3"];
  assert.deepEqual(
    comparison.models.map(({ name, family }) => [name ?? family, family]),
    names.map((name) => [name, "linear"]),
  );
  assert.equal(comparison.metric?.name, "macroF1");
  assert.ok(names.includes(comparison.winner));
  const { reason, stopped, notBegun, budget } = comparison.search!;
  assert.deepEqual([stopped, notBegun, budget], [[], [], 60]);
  assert.match(
    reason,
    /^linear.*: macro F1 [\d.]+ % on 58 validation rows; linear.* %.* in about 1 s.*not begun: 0\.$/,
  );
  const page = readFileSync(at("model/report.html"), "utf8");
  assert.ok(page.includes(reason));
  assert.match(page, /Validation Macro F1 against training time.*Validation Macro F1 against time to answer a row/s);
  assert.match(page, new RegExp(`<span class="chosen" style="[^"]+">${comparison.winner}</span>`));
  assert.ok(!page.includes("NaN") && !page.includes("undefined"));
  const kept = comparisonSchema.parse(JSON.parse(readFileSync(at("model/metrics.json"), "utf8")));
  assert.deepEqual(kept, JSON.parse(JSON.stringify(comparison)));
  const { code, stdout } = columnist(["inspect", at("model")]);
  assert.equal(code, 0);
  for (const name of names) assert.match(stdout, new RegExp(`^${name} `, "m"));
  assert.match(stdout, /Validation macro F1/);
});

test("the folder of the chosen one answers", async () => {
  const model = await openModel(at("model"));
  try {
    assert.equal((await model.answer(["good"])).length, 1);
  } finally {
    await model.close();
  }
});

test("a budget that is too small for anything else trains the linear model, and says so", async () => {
  const said: string[] = [];
  const { comparison } = await trainModel(
    at("reviews.csv"),
    { ...asked, budget: "1ms", out: at("small") },
    { onMessage: (message) => void said.push(message) },
  );
  assert.deepEqual(
    comparison.models.map(({ family }) => family),
    ["linear"],
  );
  assert.match(comparison.search!.reason, /not begun: 12\. The budget was enough for this model alone\.$/);
  assert.match(said.join("\n"), /^lstm: not begun, as no time is left\.$/m);
});

test("an ensemble is a folder like others: it answers the weighted mean of its members", async () => {
  const models = searched.comparison.models.map(({ name, family }) => name ?? family);
  assert.ok(models.length > 1);
  const task = await tasks.classify.load();
  const files = readModelFiles(openFolder(at("model"), "text-model"));
  const weak = readModelFiles(openFolder(at("small"), "text-model"));
  const members = [files, weak].map((own, i) => ({
    name: `m${i}`,
    family: "linear",
    weight: [0.25, 0.75][i],
    files: own,
  }));
  const { facts } = openFolder(at("model"), "text-model");
  const whole = ensembleFiles(members);
  writeFolder(at("mean"), "text-model", { ...facts, family: ensembleName, model: whole.config }, (aside) => {
    writeModelFiles(aside, whole);
    for (const name of ["metrics.json", "report.html", "training-texts.safetensors"])
      copyFileSync(at(`model/${name}`), join(aside, name));
  });
  const texts = reviews(20, 9).map(({ body }) => body);
  const answers: Float32Array[] = [];
  for (const name of ["model", "small", "mean"]) {
    const { model } = await openTextModel(at(name), { threads: 1 });
    answers.push(await model.predict(texts));
    await model.close();
  }
  const [own, other, mean] = answers;
  for (const [i, value] of mean.entries()) assert.ok(Math.abs(value - (0.25 * own[i] + 0.75 * other[i])) < 1e-6);
  assert.match(columnist(["inspect", at("mean")]).stdout, /ensemble: the weighted mean of several models'\s+answers/);
  const { code, stderr } = columnist(["export", at("mean"), "--out", at("exported")]);
  assert.equal(code, 2);
  assert.match(stderr, /is of the family ensemble, which transformers have no class for/);

  for (const [change, message] of [
    [{ tensors: new Map() }, /members and their weights are not equally many/],
    [{ members: [files] }, /members and their weights are not equally many/],
    [{ config: { members: [] } }, /no valid ensemble/],
    [
      { config: { members: members.map(() => ({ name: "a", family: "ensemble", config: {} })) } },
      /family 'ensemble', which this task/,
    ],
  ] as const)
    await assert.rejects(ensembleFamily(task.families).load({ ...whole, ...change }, { threads: 1 }), { message });
});

test("a signal leaves the best so far; what a killed run had finished is kept, and the search goes on", async () => {
  const stop = new AbortController();
  const settings = { ...asked, model: "linear" as const, budget: "60s", predictLimit: "0.000001ms" };
  const watch = {
    signal: stop.signal,
    onMessage(message: string) {
      if (!/^linear-2: validation/.test(message)) return;
      cpSync(at("stopped/run"), at("killed/run"), { recursive: true });
      stop.abort();
    },
  };
  const { comparison, cancelled } = await trainModel(at("reviews.csv"), { ...settings, out: at("stopped") }, watch);
  assert.ok(cancelled);
  assert.deepEqual(
    comparison.models.map(({ name = "linear" }) => name),
    ["linear", "linear-2"],
  );
  const said: string[] = [];
  const onMessage = (message: string) => void said.push(message);
  const again = await trainModel(at("reviews.csv"), { ...settings, out: at("killed"), resume: true }, { onMessage });
  const { models, chosen, family, search } = again.comparison;
  assert.equal(models.length, 4);
  // None answers within the limit: the fastest is taken.
  const fastest = [...models].sort((a, b) => a.secondsPerRow! - b.secondsPerRow!)[0];
  assert.equal(chosen ?? family, fastest.name ?? fastest.family);
  assert.equal(search!.tooSlow.length, 3);
  assert.match(said.join("\n"), /^linear-2: validation accuracy .* already trained in/m);
  const model = await openModel(at("killed"));
  await model.close();
});

test("wrong times and figures are named", async () => {
  for (const [own, message] of [
    [{ budget: "10" }, /budget must be a time such as 90s, 30m or 2h, not '10'\. Add a unit: 10m means minutes/],
    [{ predictLimit: "2ms" }, /predictLimit needs budget/],
    [{ budget: "5s", predictLimit: "fast" }, /predictLimit must be a time such as 2ms, not 'fast'/],
    [{ metric: "f1" }, /A text classifier has no figure 'f1'; metric takes accuracy, macro-f1, balanced-accuracy/],
  ] as const)
    await assert.rejects(trainModel(at("reviews.csv"), { ...asked, ...own, out: at("wrong") }), {
      name: "UserError",
      message,
    });
});

test("usual settings come early, and of a large table a part of the rows first", async () => {
  const task = await tasks.classify.load();
  const names = (rows: number) => trialsOf(task, ["linear", "cnn"], rows).map(({ name }) => name);
  const usual = ["linear", "linear-2", "linear-4", "cnn", "linear-3", "cnn-3", "cnn-2"];
  assert.deepEqual(names(3999), usual);
  assert.deepEqual(names(90_000), ["linear-1000-rows", "linear-4000-rows", "linear-16000-rows", ...usual]);
});
