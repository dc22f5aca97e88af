// Lines over one axis as a small inline drawing; the second line is dashed.
import { type Html, html } from "./html.js";

export type Point = readonly [x: number, y: number];

export interface LineChart {
  lines: readonly (readonly Point[])[];
  /** What stands under the axis at its ends. */
  ends: readonly [first: string, last: string];
  label(value: number): string;
  size: readonly [width: number, height: number];
  /** A dot on a line. */
  marked?: Point;
}

const [left, right, top, bottom] = [46, 8, 8, 22];

export function lineChart({ lines, ends, label, size: [width, height], marked }: LineChart): Html {
  const points = lines.flat();
  const range = (axis: 0 | 1) => {
    const values = points.map((point) => point[axis]);
    return [Math.min(...values), Math.max(...values)];
  };
  const [[first, last], [low, high]] = [range(0), range(1)];
  const x = (value: number) => (left + ((width - left - right) * (value - first)) / (last - first || 1)).toFixed(1);
  const y = (value: number) => (top + (height - bottom - top - 6) * (1 - (value - low) / (high - low || 1))).toFixed(1);
  const drawn = lines.map(
    (line, number) =>
      html`<polyline class="curve ${number === 1 && "second"}" points="${line.map(([a, b]) => `${x(a)},${y(b)}`).join(" ")}"/>`,
  );
  const dot = marked && html`<circle class="point" cx="${x(marked[0])}" cy="${y(marked[1])}" r="4"/>`;
  return html`<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<line class="axis" x1="${left}" x2="${left}" y1="4" y2="${height - bottom}"/><line class="axis" x1="${left}" x2="${width - 4}" y1="${height - bottom}" y2="${height - bottom}"/>
<text x="${left - 4}" y="${Number(y(high)) + 4}" text-anchor="end">${label(high)}</text><text x="${left - 4}" y="${Number(y(low)) + 4}" text-anchor="end">${low < high && label(low)}</text>
<text x="${left}" y="${height - 6}">${ends[0]}</text><text x="${width - right}" y="${height - 6}" text-anchor="end">${ends[1]}</text>
${drawn}${dot}</svg>`;
}
