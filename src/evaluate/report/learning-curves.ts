// Loss and validation accuracy of each network over its epochs, as small inline drawings.
import type { ModelResult } from "../comparison.js";
import { type Html, html, percent } from "./html.js";

const width = 280;
const height = 150;
const left = 38;
const bottom = 22;

export function learningCurves(models: readonly ModelResult[]): Html {
  const networks = models.filter(({ epochs }) => epochs.length > 0);
  if (networks.length === 0) return html``;
  return html`<h2>Learning curves</h2>
<p class="soft small">Loss: training as a line, validation dashed. The epoch with the best validation accuracy was kept (dot).</p>
${networks.map(
  ({ family, epochs, keptEpoch, stopped }) => html`<div class="curves"><figure>${chart(
    [epochs.map(({ trainingLoss }) => trainingLoss), epochs.map(({ validationLoss }) => validationLoss)],
    (value) => value.toFixed(2),
  )}<figcaption>${family}: loss</figcaption></figure>
<figure>${chart([epochs.map(({ validationAccuracy }) => validationAccuracy)], (value) => percent(value, 0), keptEpoch)}
<figcaption>${family}: validation accuracy${stopped === "cancelled" && ", stopped by hand"}</figcaption></figure></div>
`,
)}`;
}

/** Lines over epochs 1, 2, …; the second is dashed. `marked` is an index of the first. */
function chart(lines: number[][], label: (value: number) => string, marked?: number): Html {
  const values = lines.flat();
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const spread = high - low || 1;
  const count = lines[0].length;
  const x = (i: number) => (left + ((width - left - 8) * i) / Math.max(1, count - 1)).toFixed(1);
  const y = (value: number) => (8 + (height - bottom - 14) * (1 - (value - low) / spread)).toFixed(1);
  const drawn = lines.map(
    (line, number) =>
      html`<polyline class="curve ${number === 1 && "second"}" points="${line.map((value, i) => `${x(i)},${y(value)}`).join(" ")}"/>`,
  );
  const dot =
    marked !== undefined &&
    lines[0][marked] !== undefined &&
    html`<circle class="point" cx="${x(marked)}" cy="${y(lines[0][marked])}" r="4"/>`;
  return html`<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<line class="axis" x1="${left}" x2="${left}" y1="4" y2="${height - bottom}"/><line class="axis" x1="${left}" x2="${width - 4}" y1="${height - bottom}" y2="${height - bottom}"/>
<text x="${left - 4}" y="${Number(y(high)) + 4}" text-anchor="end">${label(high)}</text><text x="${left - 4}" y="${Number(y(low)) + 4}" text-anchor="end">${low < high && label(low)}</text>
<text x="${left}" y="${height - 6}">epoch 1</text><text x="${width - 8}" y="${height - 6}" text-anchor="end">${count > 1 && String(count)}</text>
${drawn}${dot}</svg>`;
}
