// report.html: what was trained and how good it is, in one file that opens offline. Text from the data is escaped.

import { breakable, clipped, type Html, html, percentText, thousands } from "../../../report/html.js";
import { style } from "../../../report/style.js";
import type { Comparison, ModelResult } from "../comparison.js";
import type { Mistake } from "../mistakes.js";
import { classTable, confusionTable } from "./class-tables.js";
import { comparisonTable } from "./comparison-table.js";
import { learningCurves } from "./learning-curves.js";

export interface ReportFacts {
  title: string;
  /** What was read, under the title. */
  source: string;
  comparison: Comparison;
  mistakes: readonly Mistake[];
  /** Rows of each label in training, validation and held-out rows together. */
  labelCounts: readonly { label: string; rows: number }[];
  /** Names and values for the last section. */
  settings: readonly (readonly [name: string, value: string])[];
}

/** A whole HTML document. */
export function renderReport(facts: ReportFacts): string {
  const { title, source, comparison, mistakes, labelCounts, settings } = facts;
  const chosen = comparison.models.find(({ family }) => family === comparison.family) ?? comparison.models[0];
  const { rows } = comparison;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${style}</style></head><body><main>
<p class="soft small">${breakable(source)}</p>
<h1>${breakable(title)}</h1>
<p class="lead">${summary(chosen, comparison)}</p>
${certainty(chosen)}
${comparison.warnings.map(
  (warning) => html`<p class="small"><span class="wrong">Note.</span> ${warning}</p>
`,
)}
<h2>Models compared</h2>
${comparisonTable(comparison)}
<p class="soft small">Accuracy and macro F1 are measured on ${thousands(rows.heldOut)} held-out rows (${comparison.heldOutSource}), which
training never touched. Bars show the 95 % interval: where two overlap widely, the difference may be due to chance.
The choice is based on the validation rows alone.</p>
<h2>Each label</h2>
${classTable(chosen.heldOut)}
<h2>Confusion matrix</h2>
${confusionTable(chosen.heldOut)}
${mistakeList(mistakes)}
${learningCurves(comparison.models)}
<h2>Data</h2>
${definitions([
  ["Training rows", thousands(rows.training)],
  ["Validation rows", thousands(rows.validation)],
  ["Held-out rows", `${thousands(rows.heldOut)} (${comparison.heldOutSource})`],
  ["Left out", `${rows.skippedEmptyText} without text, ${rows.skippedEmptyLabel} without label`],
  ...(rows.sharedWithTest > 0
    ? [["Left out of training", `${rows.sharedWithTest} with the text of a test row`] as const]
    : []),
  ["Labels", labelList(labelCounts)],
])}
<h2>Settings</h2>
${definitions(settings)}
</main></body></html>
`;
  return page.source;
}

function summary({ family, heldOut }: ModelResult, { majority }: Comparison): Html {
  const { accuracy, accuracyInterval, correct, rows } = heldOut;
  return html`The <b>${family}</b> model predicts <b>${thousands(correct)} of ${thousands(rows)}</b> held-out rows correctly: <b>${percentText(accuracy)}</b>,
with 95 % confidence between ${percentText(accuracyInterval.low)} and ${percentText(accuracyInterval.high)}. Always predicting
“${majority.label}” would be right for ${percentText(majority.accuracy)}.`;
}

/** Macro F1 and how far the probabilities can be trusted. */
function certainty({ heldOut }: ModelResult): Html {
  const { macroF1, macroF1Interval, calibrationError, logLoss } = heldOut;
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

function definitions(entries: readonly (readonly [string, string])[]): Html {
  return html`<dl>${entries.map(([name, value]) => html`<dt>${name}</dt><dd>${breakable(value)}</dd>`)}</dl>`;
}

function labelList(counts: ReportFacts["labelCounts"]): string {
  const shown = [...counts].sort((a, b) => b.rows - a.rows).slice(0, 40);
  const rest = counts.length - shown.length;
  return shown.map(({ label, rows }) => `${label} (${rows})`).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
