// Loss and validation accuracy of each network over its epochs, as small inline drawings.

import { type Html, html, percentText } from "../../../report/html.js";
import { lineChart, type Point } from "../../../report/line-chart.js";
import type { ModelResult } from "../comparison.js";

export function learningCurves(models: readonly ModelResult[]): Html {
  const networks = models.filter(({ epochs }) => epochs.length > 0);
  if (networks.length === 0) return html``;
  return html`<h2>Learning curves</h2>
<p class="soft small">Loss: ${curveKeys}. The dot marks the epoch that was kept.</p>
${networks.map(
  ({ family, epochs, keptEpoch, kept, stopped }) => html`<div class="curves"><figure>${chart(
    `${family}: loss by epoch`,
    [epochs.map(({ trainingLoss }) => trainingLoss), epochs.map(({ validationLoss }) => validationLoss)],
    (value) => value.toFixed(2),
  )}<figcaption>${family}: loss</figcaption></figure>
<figure>${chart(
    `${family}: validation accuracy by epoch`,
    [epochs.map(({ validationAccuracy }) => validationAccuracy)],
    (value) => percentText(value, 0),
    keptEpoch,
  )}
<figcaption>${family}: validation accuracy${keptText(epochs.length, keptEpoch, kept)}${
    stopped === "cancelled" && ", stopped early by the user"
  }</figcaption></figure></div>
`,
)}`;
}

/** What the two lines of a drawing are. */
export const curveKeys = html`<span class="key"></span> training, <span class="key second"></span> validation`;

function keptText(epochs: number, keptEpoch: number | undefined, kept: ModelResult["kept"]): string {
  if (keptEpoch === undefined || kept === undefined) return "";
  const why = kept === "best" ? "the best" : "the last, as there are too few validation rows to determine the best";
  return `; kept: epoch ${keptEpoch + 1} of ${epochs}, ${why}`;
}

function chart(title: string, lines: readonly number[][], label: (value: number) => string, marked = -1): Html {
  const count = lines[0].length;
  return lineChart({
    lines: lines.map((line) => line.map((value, i): Point => [i, value])),
    ends: ["epoch 1", count > 1 ? String(count) : ""],
    label,
    height: 130,
    title,
    marked: lines[0][marked] === undefined ? undefined : [marked, lines[0][marked]],
  });
}
