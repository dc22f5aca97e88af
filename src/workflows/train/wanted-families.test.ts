import assert from "node:assert/strict";
import { test } from "node:test";
import { readEncoder } from "../../networks/hugging-face/index.js";
import type { Base } from "../../tasks/families/base.js";
import type { TrainingRows } from "../../tasks/families/family.js";
import { tasks } from "../../tasks/tasks.js";
import { checkFamilies, favouredFirst, wantedFamilies } from "./wanted-families.js";

const folder = "test/golden/encoders/bert";
const base: Base = { kind: "encoder", encoder: readEncoder(folder), source: { folder } };
const choice = { model: "all", tune: "auto", base: folder, merge: false } as const;
const task = await tasks.classify.load();
/** Four fifths of them to learn from. */
const rowsOf = (count: number): TrainingRows => {
  const part = (rows: number) => ({
    texts: new Array<string>(rows).fill("where is my card"),
    targets: { width: 1, values: new Int32Array(rows) },
  });
  return {
    head: task.head({ labels: ["a", "b"] }, part(1).targets),
    training: part(0.8 * count),
    validation: part(0.2 * count),
  };
};

test("an encoder is tuned where it is worth its time, and what is known to be better with few rows is not left to chance", () => {
  const cases: [rows: number, tuned: string[], favoured: string[]][] = [
    [20, ["vectors", "pairs"], ["pairs", "vectors"]],
    [400, ["vectors", "pairs", "full"], ["pairs", "vectors"]],
    [700, ["vectors", "full"], ["vectors"]],
    [5000, ["vectors", "full"], []],
  ];
  for (const [count, tuned, favoured] of cases) {
    const rows = rowsOf(count);
    const names = wantedFamilies(task, choice, rows, base);
    assert.deepEqual(names, ["linear", "cnn", "lstm", "transformer", ...tuned], String(count));
    const ranked = favouredFirst(
      names.map((family) => ({ family })),
      task,
      rows,
    ).map(({ family }) => family);
    assert.deepEqual(ranked, [...favoured, ...names.filter((name) => !favoured.includes(name))], String(count));
  }
});

test("pairs are refused where there are no labels", async () => {
  const regression = await tasks.regression.load();
  for (const [asked, message] of [
    [{ ...choice, tune: "pairs" }, "tune pairs is not for a regression model. Choose one of vectors, lora, full."],
    [
      { ...choice, model: "pairs" },
      /^model pairs is not for a regression model. Choose one of linear, .*, vectors, lora, full\.$/,
    ],
  ] as const)
    assert.throws(() => checkFamilies(regression, asked, base), { name: "UserError", message });
  checkFamilies(task, { ...choice, tune: "pairs" }, base);
});
