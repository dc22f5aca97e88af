// The report's sections on a classifier.
import type { Figure } from "../../report/figure.js";
import { figureTable } from "../../report/figure-table.js";
import { clipped, type Html, html, percentText, thousands } from "../../report/html.js";
import { lineChart, type Point } from "../../report/line-chart.js";
import { labelList, labelTable } from "../labels/label-table.js";
import type { Measure, ReportFacts, ReportSections } from "../task.js";
import { confusionTable } from "./confusion-table.js";
import { classMeasures } from "./measures.js";
import { type Mistake, worstMistakes } from "./mistakes.js";
import type { ClassificationScores } from "./scores.js";
import { type LabelSpace, speltAs } from "./space.js";

export function classifierReport(facts: ReportFacts<LabelSpace, ClassificationScores>): ReportSections {
  const { space, scores, family, heldOut, answers, labels, baselines } = facts;
  const { accuracy, accuracyInterval, correct, rows } = scores;
  const mistakes = worstMistakes(heldOut.texts, speltAs(heldOut.labels, space), answers, space.labels);
  const [always] = baselines;
  return {
    summary: html`<p class="lead">The <b>${family}</b> model predicts <b>${thousands(correct)} of ${thousands(rows)}</b> held-out rows correctly: <b>${percentText(accuracy)}</b>,
with 95 % confidence between ${percentText(accuracyInterval.low)} and ${percentText(accuracyInterval.high)}. Always predicting
“${always.name.replace(/^always /, "")}” would be right for ${percentText(always.figures[0].value)}.</p>
${certainty(scores)}`,
    sections: html`<h2>Figures</h2>
${figureTable(allFigures(scores))}
<h2>Each label</h2>
${labelTable(scores.classes)}
<h2>Confusion matrix</h2>
${confusionTable(scores)}
${coverageChart(scores)}
${mistakeList(mistakes)}`,
    data: [["Labels", labelList(labels.map(String))]],
  };
}

/** How many rows a person would have to read for how few mistakes. */
function coverageChart({ coverage, rows }: ClassificationScores): Html {
  if (coverage.length < 3) return html``;
  const chart = lineChart({
    lines: [coverage.map(({ coverage: share, accuracy }): Point => [share, accuracy])],
    ends: [`the surest ${percentText(coverage[coverage.length - 1].coverage, 0)}`, "all rows answered"],
    label: (value) => percentText(value, value > 0.99 && value < 1 ? 1 : 0),
    height: 160,
    title: "Accuracy by the share of rows that are answered",
  });
  const shown = [0.99, 0.98, 0.95, 0.9, 0.8].flatMap((wanted) => {
    const point = coverage.find(({ accuracy }) => accuracy >= wanted);
    return point && point.coverage < 1 ? [{ wanted, ...point }] : [];
  });
  return html`<h2>Answering only when sure</h2>
<p class="soft small">Accuracy of the rows that are answered, where those below a probability are left to a person.</p>
<figure>${chart}</figure>
${
  shown.length > 0 &&
  html`<ul>${shown.map(
    ({ wanted, threshold, coverage: share }) =>
      html`<li>${percentText(wanted, 0)} right: answer from a probability of ${threshold.toFixed(2)}; a person reads
${percentText(1 - share)} of the rows (${thousands(Math.round((1 - share) * rows))} here).</li>`,
  )}</ul>`
}`;
}

/** All that is measured, with what it is beside it. */
function allFigures(scores: ClassificationScores): (Figure & { meaning: string })[] {
  const more: (Measure & { name: "top3Accuracy" | "top5Accuracy" | "scaledCalibrationError" })[] = [
    { name: "top3Accuracy", title: "Top 3 accuracy", isShare: true },
    { name: "top5Accuracy", title: "Top 5 accuracy", isShare: true },
    { name: "scaledCalibrationError", title: "After temperature scaling", isShare: true, higherIsBetter: false },
  ];
  return [...classMeasures, ...more].flatMap(({ name, title, isShare, higherIsBetter }) => {
    const value = scores[name];
    if (value === null || value === undefined) return [];
    const interval = scores[`${name}Interval`];
    return [{ name, title, isShare, higherIsBetter, value, interval, meaning: meanings[name] }];
  });
}

const meanings: Record<string, string> = {
  accuracy: "share of rows that are right",
  macroF1: "F1, every label counting the same",
  balancedAccuracy: "share of each label’s rows that are found, every label counting the same",
  weightedF1: "F1, every label counting by its rows",
  mcc: "Matthews’ correlation, 0 for guessing and 1 for no error",
  auroc: "how often a row of a label gets more of it than another row",
  averagePrecision: "precision, averaged over all thresholds and labels",
  logLoss: "surprise at the true labels; less is better",
  brierScore: "squared distance of the probabilities from the truth; less is better",
  calibrationError: "how far probabilities are from the share that is right; less is better",
  top3Accuracy: "share of rows whose label is among the three likeliest",
  top5Accuracy: "share of rows whose label is among the five likeliest",
  scaledCalibrationError: "the same with probabilities scaled by one number, fitted on the validation rows",
};

/** Macro F1 and how far the probabilities can be trusted. */
function certainty({ macroF1, macroF1Interval, calibrationError, logLoss }: ClassificationScores): Html {
  const trust =
    calibrationError !== null &&
    html` Its probabilities are off by ${percentText(calibrationError)} on average (calibration error; log loss ${(logLoss ?? 0).toFixed(3)}).`;
  return html`<p>Macro F1, in which every label counts the same: ${percentText(macroF1)}
(${percentText(macroF1Interval.low)} – ${percentText(macroF1Interval.high)}).${trust}</p>`;
}

function mistakeList(mistakes: readonly Mistake[]): Html {
  if (mistakes.length === 0) return html`<h2>Mistakes</h2><p>None on the held-out rows.</p>`;
  return html`<h2>The most confident mistakes</h2>
<p class="soft small">Often the quickest way to find wrong labels in the data and kinds of text missing from the training rows.</p>
${mistakes.map(
  ({
    text,
    truth,
    predicted,
    probability,
  }) => html`<div class="mistake"><div class="small">labelled <b>${truth}</b>, predicted
<span class="wrong">${predicted}</span> with ${percentText(probability)}</div><blockquote dir="auto">${clipped(text.trim(), 600)}</blockquote></div>
`,
)}`;
}
