// Quality of models against the time that they take, as small inline drawings: a point for each, named where nothing faster is as good.
import { type Figure, showFigure } from "./figure.js";
import { type Html, html } from "./html.js";
import { roundValues } from "./line-chart.js";

export interface TimedModel {
  name: string;
  /** On the validation rows. */
  value: number;
  trainingSeconds: number;
  /** Of answering. */
  secondsPerRow?: number;
}

type Metric = Pick<Figure, "title" | "isShare" | "higherIsBetter">;

/** The drawing's own units. */
const size = 1000;
const height = 220;
const space = "\u00a0";

/** @param chosen name of the one that stands out */
export function qualityTime(models: readonly TimedModel[], chosen: string, metric: Metric): Html {
  const drawings = [
    { what: "training time", of: ({ trainingSeconds }: TimedModel) => trainingSeconds },
    { what: "time to answer a row", of: ({ secondsPerRow = 0 }: TimedModel) => secondsPerRow },
  ].flatMap(({ what, of }) => {
    const known = models.filter((model) => of(model) > 0 && Number.isFinite(model.value));
    return known.length > 1 ? [drawing(known, of, what, chosen, metric)] : [];
  });
  if (drawings.length === 0) return html``;
  return html`<h2>Quality and time</h2>
<div class="curves">${drawings}</div>
`;
}

function drawing(
  models: readonly TimedModel[],
  timeOf: (model: TimedModel) => number,
  what: string,
  chosen: string,
  { title, isShare, higherIsBetter = true }: Metric,
): Html {
  const shown = (value: number) =>
    isShare ? `${Number((100 * value).toFixed(1))}${space}%` : showFigure(value, false);
  const values = models.map(({ value }) => value);
  const ticks = roundValues(Math.min(...values), Math.max(...values), 4);
  const [low, high] = [ticks[0], ticks[ticks.length - 1]];
  const times = models.map((model) => Math.log10(timeOf(model)));
  const [first, last] = [
    Math.floor(Math.min(...times)),
    Math.max(Math.floor(Math.min(...times)) + 1, Math.ceil(Math.max(...times))),
  ];
  const x = (model: TimedModel) => (Math.log10(timeOf(model)) - first) / (last - first);
  const y = (value: number) => 1 - (value - low) / (high - low);
  const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
  const best = (one: number, other: number) => (higherIsBetter ? one > other : one < other);
  const isNamed = (model: TimedModel) =>
    model.name === chosen ||
    !models.some((other) => other !== model && timeOf(other) <= timeOf(model) && !best(model.value, other.value));
  const dot = (model: TimedModel) =>
    html`<path d="M${(size * x(model)).toFixed(0)} ${(size * y(model.value)).toFixed(0)}h0"/>`;
  const names = models.filter(isNamed).map((model) => {
    const isRight = x(model) > 0.6;
    const place = isRight ? `right: ${percent(1 - x(model))}` : `left: ${percent(x(model))}`;
    return html`<span class="${model.name === chosen ? "chosen" : ""}" style="top: ${percent(y(model.value))}; ${place}">${model.name}</span>`;
  });
  const powers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return html`<figure><div class="chart"><div class="ticks">${ticks.map((tick) => html`<span style="top: ${percent(y(tick))}">${shown(tick)}</span>`)}</div>
<div class="plot"><svg style="height: ${height}px" viewBox="0 0 ${size} ${size}" preserveAspectRatio="none" role="img" aria-label="${title} against ${what}: ${models
    .map((model) => `${model.name} ${shown(model.value)} ${timeText(timeOf(model))}`)
    .join(", ")}">
${ticks.map((tick) => html`<line class="axis" x1="0" x2="${size}" y1="${(size * y(tick)).toFixed(0)}" y2="${(size * y(tick)).toFixed(0)}"/>`)}
<g class="points all">${models.map(dot)}</g></svg>${names}</div>
<div class="places">${powers.map((power) => html`<span style="left: ${percent((power - first) / (last - first))}">${timeText(10 ** power)}</span>`)}</div></div>
<figcaption>Validation ${title} against ${what}</figcaption></figure>
`;
}

/** "20 ms", "3 min" */
function timeText(seconds: number): string {
  const round = (value: number) => String(Number(value.toPrecision(2)));
  if (seconds < 1e-3) return `${round(1e6 * seconds)}${space}µs`;
  if (seconds < 1) return `${round(1000 * seconds)}${space}ms`;
  if (seconds < 120) return `${round(seconds)}${space}s`;
  return seconds < 7200 ? `${round(seconds / 60)}${space}min` : `${round(seconds / 3600)}${space}h`;
}
