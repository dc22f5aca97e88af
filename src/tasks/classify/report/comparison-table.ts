// The models side by side: a table whose intervals are drawn on one common scale. On a narrow page each model is a block
// of its own, where `data-name` stands for the head of the table.

import { breakable, type Html, html, percentText, shortDuration } from "../../../report/html.js";
import type { Comparison } from "../comparison.js";

const width = 220;
const height = 18;

export function comparisonTable({ models, majority, family }: Comparison): Html {
  const lows = models.map(({ heldOut }) => heldOut.accuracyInterval.low);
  const from = Math.max(0, Math.floor(Math.min(...lows) * 20) / 20);
  const x = (share: number) => 4 + ((share - from) / Math.max(1 - from, 0.05)) * (width - 8);
  const scale = `${percentText(from, 0)} to 100 %`;
  const rows = models.map(
    (model) => html`<tr class="${model.family === family ? "chosen" : ""}"><td class="name">${model.family}</td>
${number("Accuracy", percentText(model.heldOut.accuracy))}
${number("95 % interval", interval(model.heldOut.accuracyInterval))}
<td class="bar" data-name="${scale}">${bar(model.heldOut.accuracy, model.heldOut.accuracyInterval, x)}</td>
${number("Macro F1", percentText(model.heldOut.macroF1))}
${number("Validation", percentText(model.validation.accuracy))}
${number("Training", shortDuration(model.trainingSeconds))}</tr>
`,
  );
  return html`<div class="scroll"><table class="stacked"><thead><tr><th>Model</th><th class="number">Accuracy</th>
<th class="number">95 % interval</th><th>${scale}</th><th class="number">Macro F1</th>
<th class="number">Validation</th><th class="number">Training</th></tr></thead><tbody>
${rows}<tr class="soft"><td class="name">always “${breakable(majority.label, 40)}”</td>${number("Accuracy", percentText(majority.accuracy))}<td></td>
<td class="bar">${majority.accuracy >= from && bar(majority.accuracy, undefined, x)}</td>${number("Macro F1", percentText(majority.macroF1))}<td></td><td></td></tr>
</tbody></table></div>`;
}

function number(name: string, value: string): Html {
  return html`<td class="number" data-name="${name}">${value}</td>`;
}

function interval({ low, high }: { low: number; high: number }): string {
  return `${(100 * low).toFixed(1)} – ${percentText(high)}`;
}

function bar(share: number, interval: { low: number; high: number } | undefined, x: (share: number) => number): Html {
  const range =
    interval &&
    html`<rect class="range" x="${x(interval.low).toFixed(1)}" y="5" rx="4" height="8" width="${Math.max(1, x(interval.high) - x(interval.low)).toFixed(1)}"/>`;
  return html`<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${percentText(share)}">
<line class="axis" x1="4" x2="${width - 4}" y1="9" y2="9"/>${range}<circle class="point" cx="${x(share).toFixed(1)}" cy="9" r="4"/></svg>`;
}
