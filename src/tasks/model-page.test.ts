import assert from "node:assert/strict";
import { test } from "node:test";
import { breakable, clipped, escapeText, percentText } from "../report/html.js";
import { lineChart } from "../report/line-chart.js";
import { renderModelPage } from "../report/model-page.js";
import { classify } from "./classify/task.js";
import { type Comparison, comparisonSchema } from "./comparison.js";
import { renderPretrainingReport } from "./language/report/render-pretraining-report.js";

const space = { labels: ["<b>ham</b>", "spam"] };
const answers = Float32Array.of(0.9, 0.1, 0.2, 0.8, 0.7, 0.3);
const truth = [space.labels[0], "spam", "spam"];
const scores = classify.score(truth, answers, space, 0);
const epochs = [1, 2].map((i) => ({ trainingLoss: 1 / i, validationLoss: 1.2 / i, validationFigure: 0.4 * i }));
const comparison: Comparison = comparisonSchema.parse({
  formatVersion: 2,
  task: "classify",
  heldOutSource: "test.csv",
  rows: { training: 8, validation: 2, heldOut: 3, skippedEmptyText: 1, skippedEmptyLabel: 0, sharedWithTest: 0 },
  baselines: [...classify.baselines(["spam"], truth, space)],
  models: ["linear", "cnn"].map((family) => ({
    family,
    validation: { accuracy: 0.8, macroF1: 0.7 },
    figures: classify.figures(scores),
    heldOut: scores,
    trainingSeconds: 1,
    parameters: 10,
    epochs: family === "cnn" ? epochs : [],
    monitor: { name: "accuracy", isShare: true },
    keptEpoch: family === "cnn" ? 1 : undefined,
    stopped: "finished",
  })),
  winner: "linear",
  family: "linear",
  warnings: [],
} satisfies Comparison);

function pageOf(own: Partial<Comparison> = {}): string {
  const sections = classify.report({
    family: "linear",
    space,
    scores,
    labelColumn: "label",
    heldOut: { texts: ["a", "b", `<script>alert("1")</script>\0`], labels: truth },
    answers,
    labels: truth,
    baselines: comparison.baselines,
  });
  const facts = { title: "label from text", source: "table.csv", settings: [["seed", "1"]] as const };
  return renderModelPage({ ...facts, ...comparison, ...own, ...sections });
}

test("the report escapes what comes from the data and needs nothing from elsewhere", () => {
  const page = pageOf();
  assert.ok(page.startsWith("<!doctype html>"));
  assert.ok(!page.includes("<script"));
  assert.ok(!page.includes("<b>ham</b>"));
  assert.ok(!/https?:|\bsrc=|@import|url\(/.test(page));
  assert.ok(!page.includes("NaN") && !page.includes("undefined"));
  assert.match(page, /&lt;script&gt;/);
  assert.match(page, /<polyline/);
});

test("the report says which epoch was kept, and why", () => {
  const withKept = (kept: "best" | "last") =>
    pageOf({ models: comparison.models.map((model) => ({ ...model, kept })) });
  assert.match(withKept("best"), /kept: epoch 2 of 2, the best</);
  assert.match(withKept("last"), /kept: epoch 2 of 2, the last, as there are too few validation rows/);
  assert.doesNotMatch(withKept("last"), /best validation accuracy was kept/);
});

test("on a narrow page every figure of the comparison names itself, and text in drawings keeps its size", () => {
  const page = pageOf();
  const [, rows] = /<table class="stacked">.*?<tbody>(.*?)<\/tbody>/s.exec(page)!;
  const cells = [...rows.matchAll(/<td class="number"([^>]*)>/g)];
  assert.equal(cells.length, 2 * 5 + 2);
  assert.ok(cells.every(([, attributes]) => /data-name="[^"]+"/.test(attributes)));
  const chart = lineChart({
    lines: [
      [
        [1, 9.6],
        [60, 5.4],
      ],
      [
        [1, 8.3],
        [60, 5.6],
      ],
    ],
    ends: ["step 1", "60"],
    label: (value) => value.toFixed(1),
    height: 260,
    title: "loss",
  }).source;
  // Text inside a stretched drawing would shrink with the page: it stands beside it.
  for (const text of [chart, page]) assert.ok(!text.includes("<text"));
  const ticks = [...chart.matchAll(/top: ([\d.]+)%">([\d.]+)</g)].map(([, place, label]) => [
    Number(place),
    Number(label),
  ]);
  assert.deepEqual(ticks, [
    [100, 5],
    [80, 6],
    [60, 7],
    [40, 8],
    [20, 9],
    [0, 10],
  ]);
  assert.match(chart, /points="0,80 1000,920"/);
});

test("a flat line and a single point are drawn too", () => {
  for (const line of [
    [
      [0, 0.5],
      [1, 0.5],
    ],
    [[3, 0]],
    [
      [0, -1e-9],
      [1, 1e-9],
    ],
  ] as const) {
    const chart = lineChart({ lines: [line], ends: ["", ""], label: String, height: 100, title: "" }).source;
    assert.ok(!/NaN|Infinity/.test(chart), chart);
  }
});

test("the page of a language model folds all but the last samples away", () => {
  const page = renderPretrainingReport({
    title: "Language model of texts/a.txt",
    family: "transformer",
    parameters: 10,
    vocabSize: 5,
    validation: { heldOut: "a tenth", loss: 1 },
    tokens: 100,
    trainingTokens: 100,
    seconds: 60,
    history: [1, 2, 3, 4, 5, 6].map((step) => ({
      step,
      trainingLoss: 9 / step,
      seconds: step,
      sample: step === 6 ? "\n" : `sample ${step}`,
    })),
    settings: [],
  });
  const [open, folded] = page.split("<details>");
  assert.deepEqual(open.match(/>sample \d/g), [">sample 3", ">sample 4", ">sample 5"]);
  assert.match(folded, /2 earlier samples.*>sample 1.*>sample 2/s);
  assert.match(page, /texts\/<wbr>a\.<wbr>txt/);
});

test("long names break at their joints, figures and their signs never", () => {
  assert.equal(breakable("card_payment_fee").source, "card_<wbr>payment_<wbr>fee");
  assert.equal(breakable("<a>/b-c: 0.25").source, "&lt;a&gt;/<wbr>b-<wbr>c: 0.25");
  assert.equal(percentText(0.995), "99.5\u00a0%");
});

test("escaping and shortening never leave half a character", () => {
  assert.equal(escapeText(`a<b>&"'`), "a&lt;b&gt;&amp;&quot;&#39;");
  assert.equal(escapeText("\ud83d"), "\ufffd");
  assert.equal(clipped("ab\u{1f600}", 3), "ab…");
});
