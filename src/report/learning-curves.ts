// Loss and validation figure of each network over its epochs, as small inline drawings.

import { showFigure } from "./figure.js";
import { type Html, html } from "./html.js";
import { lineChart, type Point } from "./line-chart.js";

export interface TrainedEpochs {
  /** Where it is not that of the family. */
  name?: string;
  family: string;
  /** What tells the best epoch. */
  monitor?: { name: string; isShare: boolean };
  epochs: readonly { trainingLoss: number; validationLoss: number; validationFigure: number }[];
  keptEpoch?: number;
  kept?: "best" | "last";
  stopped: "finished" | "early" | "cancelled" | "time";
}

export function learningCurves(models: readonly TrainedEpochs[]): Html {
  const networks = models.filter(({ epochs }) => epochs.length > 0);
  if (networks.length === 0) return html``;
  return html`<h2>Learning curves</h2>
<p class="soft small">Loss: ${curveKeys}. The dot marks the epoch that was kept.</p>
${networks.map(
  ({
    family,
    name = family,
    monitor = { name: "figure", isShare: false },
    epochs,
    keptEpoch,
    kept,
    stopped,
  }) => html`<div class="curves"><figure>${chart(
    `${name}: loss by epoch`,
    [epochs.map(({ trainingLoss }) => trainingLoss), epochs.map(({ validationLoss }) => validationLoss)],
    (value) => value.toFixed(2),
  )}<figcaption>${name}: loss</figcaption></figure>
<figure>${chart(
    `${name}: validation ${monitor.name} by epoch`,
    [epochs.map(({ validationFigure }) => validationFigure)],
    (value) => (monitor.isShare ? `${(100 * value).toFixed(0)}\u00a0%` : showFigure(value, false)),
    keptEpoch,
  )}
<figcaption>${name}: validation ${monitor.name}${keptText(epochs.length, keptEpoch, kept)}${
    stopped === "cancelled" ? ", stopped early by the user" : stopped === "time" && ", stopped as the time was over"
  }</figcaption></figure></div>
`,
)}`;
}

/** What the two lines of a drawing are. */
export const curveKeys = html`<span class="key"></span> training, <span class="key second"></span> validation`;

function keptText(epochs: number, keptEpoch: number | undefined, kept: TrainedEpochs["kept"]): string {
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
