// The report's sections on a regression.
import { quantile } from "../../metrics/index.js";
import { showInterval, showNumber } from "../../report/figure.js";
import { clipped, type Html, html, percentText, thousands } from "../../report/html.js";
import type { ReportFacts, ReportSections } from "../task.js";
import { type LargeError, largestErrors } from "./mistakes.js";
import { predictionChart } from "./prediction-chart.js";
import type { NumberScores } from "./scores.js";
import { type NumberSpace, numbersOf, show } from "./space.js";

export function regressionReport(facts: ReportFacts<NumberSpace, NumberScores>): ReportSections {
  const { space, scores, family, heldOut, answers, labels, baselines } = facts;
  const { mae, maeInterval, rows, ranges } = scores;
  const truth = Float64Array.from(heldOut.labels, Number);
  const predicted = numbersOf(answers, space);
  return {
    summary: html`<p class="lead">The <b>${family}</b> model is off by <b>${showNumber(mae)}</b> on average on ${thousands(rows)} held-out rows${
      maeInterval &&
      `, with 95\u00a0% confidence between ${showNumber(maeInterval.low)} and ${showNumber(maeInterval.high)}`
    }.
Always predicting the ${baselines.map(
      ({ name, figures }, i) =>
        `${i > 0 ? "; the " : ""}${name.replace(",", "")} would be off by ${showNumber(figures[0].value)}`,
    )}.</p>
${reach(scores, space)}`,
    sections: html`<h2>Predicted against true</h2>
${predictionChart(truth, predicted)}
<h2>Errors</h2>
${residuals(scores)}
${rangeTable(ranges)}
${errorList(largestErrors(heldOut.texts, truth, predicted))}`,
    data: [["Numbers", spread(labels)]],
  };
}

/** How much of the differences is explained, and how far the intervals reach. */
function reach({ r2, r2Interval, spearman, coverage, rows }: NumberScores, { halfWidth }: NumberSpace): Html {
  const explained =
    r2 !== null &&
    html`R² is ${showNumber(r2)}${r2Interval && ` (${showInterval(r2Interval, false)})`}: 0 is as good as the mean, 1 is exact.`;
  const order =
    spearman !== null &&
    html` The order of predictions and true numbers agrees by ${showNumber(spearman)} (Spearman’s rank correlation).`;
  const intervals =
    halfWidth === null
      ? html`The validation rows are too few for intervals: they span the whole range.`
      : html`The 90\u00a0% interval of a prediction reaches ${showNumber(halfWidth)} to either side, cut to the range of the numbers; it
holds ${percentText(coverage)} of the ${thousands(rows)} held-out numbers.`;
  return html`<p>${explained}${order}</p>
<p>${intervals}</p>`;
}

function residuals({ medianError, rmse, meanError }: NumberScores): Html {
  const side = meanError > 0 ? "too high" : "too low";
  return html`<p>Half of the predictions are off by ${showNumber(medianError)} or less. The root of the mean squared error (RMSE),
in which large errors count more, is ${showNumber(rmse)}. On average, predictions are ${showNumber(Math.abs(meanError))} ${side}.</p>`;
}

function rangeTable(ranges: NumberScores["ranges"]): Html {
  const rows = ranges.map(
    ({ from, to, rows, mae, meanPrediction }) =>
      html`<tr><td class="label">${from === to ? show(from) : `${show(from)} to ${show(to)}`}</td><td class="number">${thousands(rows)}</td>
<td class="number">${showNumber(meanPrediction)}</td><td class="number">${showNumber(mae)}</td></tr>
`,
  );
  return html`<div class="scroll"><table><thead><tr><th>True number</th><th class="number">Rows</th><th class="number">Mean prediction</th>
<th class="number">MAE</th></tr></thead><tbody>
${rows}</tbody></table></div>`;
}

function errorList(errors: readonly LargeError[]): Html {
  if (errors.length === 0) return html`<h2>The largest errors</h2><p>None on the held-out rows.</p>`;
  return html`<h2>The largest errors</h2>
<p class="soft small">Often the quickest way to find wrong numbers in the data and kinds of text missing from the training rows.</p>
${errors.map(
  ({ text, truth, predicted }) => html`<div class="mistake"><div class="small">is <b>${show(truth)}</b>, predicted
<span class="wrong">${showNumber(predicted)}</span></div><blockquote dir="auto">${clipped(text.trim(), 600)}</blockquote></div>
`,
)}`;
}

function spread(labels: ReportFacts<NumberSpace, NumberScores>["labels"]): string {
  const sorted = Float64Array.from(labels, Number).sort();
  const mean = sorted.reduce((sum, number) => sum + number / sorted.length, 0);
  const values = new Set(sorted).size;
  return (
    `${show(sorted[0])} to ${show(sorted[sorted.length - 1])}, mean ${show(mean)}, median ${show(quantile(sorted, 0.5))}, ` +
    `${thousands(values)} different values`
  );
}
