// Lines over two axes as a small inline drawing; the second line is dashed. The lines stretch with the page, their
// width and all text stay as they are.
import { type Html, html } from "./html.js";

export type Point = readonly [x: number, y: number];

export interface LineChart {
  lines: readonly (readonly Point[])[];
  /** What stands under the axis at its ends. */
  ends: readonly [first: string, last: string];
  label(value: number): string;
  /** Of the drawing, in pixels. */
  height: number;
  /** For who can't see it. */
  title: string;
  /** A dot on a line. */
  marked?: Point;
}

/** The drawing's own units. */
const [width, depth] = [1000, 1000];

export function lineChart({ lines, ends, label, height, title, marked }: LineChart): Html {
  const points = lines.flat();
  const range = (axis: 0 | 1) => {
    const values = points.map((point) => point[axis]);
    return [Math.min(...values), Math.max(...values)];
  };
  const [[first, last], [least, most]] = [range(0), range(1)];
  const ticks = roundValues(least, most, height > 200 ? 5 : 3);
  const [low, high] = [Math.min(least, ticks[0]), Math.max(most, ticks[ticks.length - 1])];
  const share = (value: number) => 1 - (value - low) / (high - low || 1);
  const x = (value: number) => ((width * (value - first)) / (last - first || 1)).toFixed(0);
  const y = (value: number) => (depth * share(value)).toFixed(0);
  const drawn = lines.map(
    (line, number) =>
      html`<polyline class="curve ${number === 1 && "second"}" points="${line.map(([a, b]) => `${x(a)},${y(b)}`).join(" ")}"/>`,
  );
  // A round end of a line without length stays a circle however the drawing is stretched.
  const dot = marked && html`<path class="dot" d="M${x(marked[0])} ${y(marked[1])}h0"/>`;
  return html`<div class="chart"><div class="ticks">${ticks.map(
    (tick) => html`<span style="top: ${(100 * share(tick)).toFixed(1)}%">${label(tick)}</span>`,
  )}</div>
<svg style="height: ${height}px" viewBox="0 0 ${width} ${depth}" preserveAspectRatio="none" role="img" aria-label="${title}">
${ticks.map((tick) => html`<line class="axis" x1="0" x2="${width}" y1="${y(tick)}" y2="${y(tick)}"/>`)}
${drawn}${dot}</svg>
<div class="ends"><span>${ends[0]}</span><span>${ends[1]}</span></div></div>`;
}

/** At most `count` + 1 multiples of 1, 2 or 5 times a power of ten, from below `low` to above `high`. */
export function roundValues(low: number, high: number, count: number): number[] {
  const rough = (high - low || Math.abs(high) || 1) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const from = Math.floor(low / step + 1e-9);
  const to = Math.max(from + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: to - from + 1 }, (_, i) => (from + i) * step);
}
