// The models side by side: a table whose intervals are drawn on one common scale.
import type { Comparison } from "../comparison.js";
import { duration, type Html, html, percent, shortened } from "./html.js";

const width = 220;
const height = 18;

export function comparisonTable({ models, majority, family }: Comparison): Html {
  const lows = models.map(({ heldOut }) => heldOut.accuracyInterval.low);
  const from = Math.max(0, Math.floor(Math.min(...lows) * 20) / 20);
  const x = (share: number) => 4 + ((share - from) / Math.max(1 - from, 0.05)) * (width - 8);
  const rows = models.map(
    (model) => html`<tr class="${model.family === family ? "chosen" : ""}"><td>${model.family}</td>
<td class="number">${percent(model.heldOut.accuracy)}</td>
<td class="number">${percent(model.heldOut.accuracyInterval.low)} – ${percent(model.heldOut.accuracyInterval.high)}</td>
<td>${bar(model.heldOut.accuracy, model.heldOut.accuracyInterval, x)}</td>
<td class="number">${percent(model.heldOut.macroF1)}</td>
<td class="number">${percent(model.validation.accuracy)}</td>
<td class="number">${duration(model.trainingSeconds)}</td></tr>
`,
  );
  return html`<div class="scroll"><table><thead><tr><th>Model</th><th class="number">Accuracy</th>
<th class="number">95 % interval</th><th>${percent(from, 0)} to 100 %</th><th class="number">Macro F1</th>
<th class="number">Validation</th><th class="number">Training</th></tr></thead><tbody>
${rows}<tr><td class="soft">always “${shortened(majority.label, 22)}”</td><td class="number">${percent(majority.accuracy)}</td><td></td>
<td>${majority.accuracy >= from && bar(majority.accuracy, undefined, x)}</td><td class="number">${percent(majority.macroF1)}</td><td></td><td></td></tr>
</tbody></table></div>`;
}

function bar(share: number, interval: { low: number; high: number } | undefined, x: (share: number) => number): Html {
  const range =
    interval &&
    html`<rect class="range" x="${x(interval.low).toFixed(1)}" y="5" rx="4" height="8" width="${Math.max(1, x(interval.high) - x(interval.low)).toFixed(1)}"/>`;
  return html`<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${percent(share)}">
<line class="axis" x1="4" x2="${width - 4}" y1="9" y2="9"/>${range}<circle class="point" cx="${x(share).toFixed(1)}" cy="9" r="4"/></svg>`;
}
