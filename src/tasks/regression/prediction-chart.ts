// Predicted against true numbers as a small inline drawing: points, or boxes where the true numbers are a few values, on
// which points would hide each other.
import { quantile } from "../../metrics/index.js";
import { type Html, html, thousands } from "../../report/html.js";
import { roundValues } from "../../report/line-chart.js";
import { show } from "./space.js";

/** Of a scale; with more values, and with fewer rows for each, every row is a point. */
const [mostBoxes, fewestRows] = [12, 5];
const mostPoints = 1500;
/** The drawing's own units. */
const size = 1000;
const height = 320;

interface Axis {
  ticks: number[];
  /** From 0 at the lowest tick to 1 at the highest one. */
  share(value: number): number;
}

export function predictionChart(truth: ArrayLike<number>, predicted: Float64Array): Html {
  const rowsOf = new Map<number, number[]>();
  for (const [row, number] of predicted.entries()) rowsOf.set(truth[row], [...(rowsOf.get(truth[row]) ?? []), number]);
  const hasBoxes = rowsOf.size <= mostBoxes && predicted.length >= fewestRows * rowsOf.size;
  return hasBoxes ? boxes(rowsOf) : points(truth, predicted);
}

function boxes(rowsOf: ReadonlyMap<number, number[]>): Html {
  const groups = [...rowsOf].sort(([a], [b]) => a - b);
  const spread = groups.map(([value, numbers]) => {
    const sorted = Float64Array.from(numbers).sort();
    return { value, at: [0.05, 0.25, 0.5, 0.75, 0.95].map((share) => quantile(sorted, share)) };
  });
  const y = axisOf(spread.flatMap(({ value, at }) => [value, ...at]));
  const [step, up] = [size / groups.length, (value: number) => (size * (1 - y.share(value))).toFixed(0)];
  const drawn = spread.map(({ value, at: [least, low, middle, high, most] }, i) => {
    const centre = ((i + 0.5) * step).toFixed(0);
    const [left, right] = [(i + 0.2) * step, (i + 0.8) * step].map((x) => x.toFixed(0));
    const depth = Math.max(1, Number(up(low)) - Number(up(high)));
    return html`<line class="curve" x1="${centre}" x2="${centre}" y1="${up(least)}" y2="${up(most)}"/>
<rect class="range" x="${left}" width="${(0.6 * step).toFixed(0)}" y="${up(high)}" height="${depth}"/>
<line class="curve" x1="${left}" x2="${right}" y1="${up(middle)}" y2="${up(middle)}"/>
<line class="curve second" x1="${left}" x2="${right}" y1="${up(value)}" y2="${up(value)}"/>
`;
  });
  const places = groups.map(([value], i) => ({ label: show(value), share: (i + 0.5) / groups.length }));
  return frame(
    y,
    places,
    html`${drawn}`,
    html`Predictions for each true number: the box holds the middle half of the rows, the thick line is their median, the thin
line holds 90 %. Predictions without error would all be on the dashed line.`,
  );
}

function points(truth: ArrayLike<number>, predicted: Float64Array): Html {
  const axis = axisOf([...Array.from(truth), ...predicted]);
  const place = (value: number) => (size * axis.share(value)).toFixed(0);
  // Every n-th row: rows come in the order of the table.
  const step = Math.ceil(predicted.length / mostPoints);
  const shown = [...predicted.keys()].filter((row) => row % step === 0);
  const dots = shown.map((row) => html`<path d="M${place(truth[row])} ${size - Number(place(predicted[row]))}h0"/>`);
  const places = axis.ticks.map((tick) => ({ label: show(tick), share: axis.share(tick) }));
  const count =
    step > 1 ? ` ${thousands(shown.length)} of the ${thousands(predicted.length)} held-out rows are drawn.` : "";
  return frame(
    axis,
    places,
    html`<line class="curve second" x1="0" x2="${size}" y1="${size}" y2="0"/><g class="points">${dots}</g>`,
    html`True number across, predicted number up. Predictions without error would all be on the dashed line.${count}`,
  );
}

function axisOf(values: readonly number[]): Axis {
  let [least, most] = [values[0], values[0]];
  for (const value of values) [least, most] = [Math.min(least, value), Math.max(most, value)];
  const ticks = roundValues(least, most, 5);
  const [low, high] = [Math.min(least, ticks[0]), Math.max(most, ticks[ticks.length - 1])];
  return { ticks, share: (value) => (value - low) / (high - low || 1) };
}

function frame(y: Axis, places: readonly { label: string; share: number }[], drawn: Html, caption: Html): Html {
  const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
  return html`<figure><div class="chart"><div class="ticks">${y.ticks.map(
    (tick) => html`<span style="top: ${percent(1 - y.share(tick))}">${show(tick)}</span>`,
  )}</div>
<svg style="height: ${height}px" viewBox="0 0 ${size} ${size}" preserveAspectRatio="none" role="img" aria-label="Predicted against true numbers">
${y.ticks.map((tick) => html`<line class="axis" x1="0" x2="${size}" y1="${(size * (1 - y.share(tick))).toFixed(0)}" y2="${(size * (1 - y.share(tick))).toFixed(0)}"/>`)}
${drawn}</svg>
<div class="places">${places.map(({ label, share }) => html`<span style="left: ${percent(share)}">${label}</span>`)}</div></div>
<figcaption>${caption}</figcaption></figure>`;
}
