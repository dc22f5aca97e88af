// The models side by side: a table whose intervals are drawn on one common scale. On a narrow page each model is a block
// of its own, where `data-name` stands for the head of the table.
import { type Figure, showFigure, showInterval, validationHead } from "./figure.js";
import { breakable, type Html, html, shortDuration } from "./html.js";

export interface ComparedModel {
  /** Where it is not that of the family. */
  name?: string;
  family: string;
  /** The first one is drawn, the second one stands beside it. */
  figures: readonly Figure[];
  /** The first figure on the validation rows, by its name. */
  validation: Readonly<Record<string, number>>;
  trainingSeconds: number;
}

const width = 220;
const height = 18;
const space = "\u00a0";

/** @param chosen name of the one that stands out @param metric what they were chosen by, where it was asked for @param choice where it was by folds */
export function comparisonTable(
  models: readonly ComparedModel[],
  baselines: readonly { name: string; figures: readonly Figure[] }[],
  chosen: string,
  metric?: Omit<Figure, "value" | "interval">,
  choice?: object,
): Html {
  const [main, second] = models[0].figures;
  const { from, to } = scaleOf(
    models.map(({ figures }) => figures[0]),
    baselines.map(({ figures }) => figures[0].value),
  );
  const x = (value: number) => 4 + ((value - from) / (to - from || 1)) * (width - 8);
  const scale = main.isShare
    ? `${showRound(from, true)} to 100${space}%`
    : `${showRound(from, false)} to ${showRound(to, false)}`;
  const rows = models.map(({ family, name = family, figures: [one, other], validation, trainingSeconds }) => {
    const judged = metric ?? one;
    return html`<tr class="${name === chosen ? "chosen" : ""}"><td class="name">${name}</td>
${number(one.title, showFigure(one.value, one.isShare, space))}
${number("95 % interval", one.interval ? showInterval(one.interval, one.isShare, space) : "")}
<td class="bar" data-name="${scale}">${bar(one, one.interval, x)}</td>
${number(other.title, showFigure(other.value, other.isShare, space))}
${number(validationHead(metric, choice), showFigure(validation[judged.name], judged.isShare, space))}
${number("Training", shortDuration(trainingSeconds))}</tr>
`;
  });
  const always = baselines.map(
    ({ name, figures: [one, other] }) =>
      html`<tr class="soft"><td class="name">${breakable(name, 48)}</td>${number(one.title, showFigure(one.value, one.isShare, space))}<td></td>
<td class="bar">${one.value >= from && one.value <= to && bar(one, undefined, x)}</td>${number(other.title, showFigure(other.value, other.isShare, space))}<td></td><td></td></tr>
`,
  );
  return html`<div class="scroll"><table class="stacked"><thead><tr><th>Model</th><th class="number">${main.title}</th>
<th class="number">95 % interval</th><th>${scale}</th><th class="number">${second.title}</th>
<th class="number">${validationHead(metric, choice)}</th><th class="number">Training</th></tr></thead><tbody>
${rows}${always}</tbody></table></div>`;
}

/** Shares reach to 100 %; amounts from 0 to the largest, or to the smallest where they are all below it. */
export function scaleOf(figures: readonly Figure[], others: readonly number[]): { from: number; to: number } {
  const lows = figures.map(({ interval, value }) => interval?.low ?? value);
  const highs = figures.map(({ interval, value }) => interval?.high ?? value);
  if (figures[0].isShare) {
    const from = Math.max(0, Math.floor(Math.min(...lows) * 20) / 20);
    return { from, to: from + Math.max(1 - from, 0.05) };
  }
  return { from: Math.min(0, ...lows), to: Math.max(...highs, ...others.filter(Number.isFinite)) };
}

export function showRound(value: number, isShare: boolean): string {
  return isShare ? `${Math.round(100 * value)}${space}%` : showFigure(value, false);
}

function number(name: string, value: string): Html {
  return html`<td class="number" data-name="${name}">${value}</td>`;
}

/** A figure and its interval on a line of 220 by 18 pixels. */
export function bar({ value, isShare }: Figure, interval: Figure["interval"], x: (value: number) => number): Html {
  const range =
    interval &&
    html`<rect class="range" x="${x(interval.low).toFixed(1)}" y="5" rx="4" height="8" width="${Math.max(1, x(interval.high) - x(interval.low)).toFixed(1)}"/>`;
  return html`<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${showFigure(value, isShare, space)}">
<line class="axis" x1="4" x2="${width - 4}" y1="9" y2="9"/>${range}<circle class="point" cx="${x(value).toFixed(1)}" cy="9" r="4"/></svg>`;
}
