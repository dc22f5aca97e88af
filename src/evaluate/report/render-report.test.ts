import assert from "node:assert/strict";
import { test } from "node:test";
import type { Comparison } from "../comparison.js";
import { comparisonSchema } from "../comparison.js";
import { scoreAnswers } from "../score-answers.js";
import { escapeText, shortened } from "./html.js";
import { renderReport } from "./render-report.js";

const labels = ["<b>ham</b>", "spam"];
const heldOut = scoreAnswers(
  { classes: Int32Array.of(0, 1, 1), unseen: [] },
  Float32Array.of(0.9, 0.1, 0.2, 0.8, 0.7, 0.3),
  labels,
);
const epochs = [1, 2].map((i) => ({ trainingLoss: 1 / i, validationLoss: 1.2 / i, validationAccuracy: 0.4 * i }));
const comparison: Comparison = comparisonSchema.parse({
  formatVersion: 1,
  heldOutSource: "test.csv",
  rows: { training: 8, validation: 2, heldOut: 3, skippedEmptyText: 1, skippedEmptyLabel: 0, sharedWithTest: 0 },
  majority: { label: "spam", accuracy: 0.66, macroF1: 0.4 },
  models: ["linear", "cnn"].map((family) => ({
    family,
    validation: { accuracy: 0.8, macroF1: 0.7 },
    heldOut,
    trainingSeconds: 1,
    parameters: 10,
    epochs: family === "cnn" ? epochs : [],
    keptEpoch: family === "cnn" ? 1 : undefined,
    stopped: "finished",
  })),
  winner: "linear",
  family: "linear",
  warnings: [],
} satisfies Comparison);

test("the report escapes what comes from the data and needs nothing from elsewhere", () => {
  const page = renderReport({
    title: "label from text",
    source: "table.csv",
    comparison,
    mistakes: [{ text: `<script>alert("1")</script>\0`, truth: "spam", predicted: labels[0], probability: 0.9 }],
    labelCounts: [{ label: labels[0], rows: 4 }],
    settings: [["seed", "1"]],
  });
  assert.ok(page.startsWith("<!doctype html>"));
  assert.ok(!page.includes("<script"));
  assert.ok(!page.includes("<b>ham</b>"));
  assert.ok(!/https?:|\bsrc=|@import|url\(/.test(page));
  assert.ok(!page.includes("NaN") && !page.includes("undefined"));
  assert.match(page, /&lt;script&gt;/);
  assert.match(page, /<polyline/);
});

test("the report says which epoch was kept, and why", () => {
  const pageOf = (kept: "best" | "last") =>
    renderReport({
      title: "",
      source: "",
      comparison: { ...comparison, models: comparison.models.map((model) => ({ ...model, kept })) },
      mistakes: [],
      labelCounts: [],
      settings: [],
    });
  assert.match(pageOf("best"), /kept: epoch 2 of 2, the best</);
  assert.match(pageOf("last"), /kept: epoch 2 of 2, the last, as the validation rows are too few/);
  assert.doesNotMatch(pageOf("last"), /best validation accuracy was kept/);
});

test("escaping and shortening never leave half a character", () => {
  assert.equal(escapeText(`a<b>&"'`), "a&lt;b&gt;&amp;&quot;&#39;");
  assert.equal(escapeText("\ud83d"), "\ufffd");
  assert.equal(shortened("ab\u{1f600}", 3), "ab…");
});
