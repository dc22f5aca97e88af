// The report's sections on a classifier.
import { clipped, type Html, html, percentText, thousands } from "../../report/html.js";
import { labelList, labelTable } from "../labels/label-table.js";
import type { ReportFacts, ReportSections } from "../task.js";
import { confusionTable } from "./confusion-table.js";
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
    sections: html`<h2>Each label</h2>
${labelTable(scores.classes)}
<h2>Confusion matrix</h2>
${confusionTable(scores)}
${mistakeList(mistakes)}`,
    data: [["Labels", labelList(labels.map(String))]],
  };
}

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
