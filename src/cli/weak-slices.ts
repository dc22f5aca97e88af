// Weak slices as text: which rows a model is worse on.
import { counted } from "../base/counted.js";
import { showFigure, showNumber } from "../report/figure.js";
import type { EvaluateResult } from "../workflows/evaluate/run.js";
import colors from "./colors.js";
import { shortened, textTable } from "./text-table.js";

/** Slices beyond these are left to --json. */
const mostSlices = 12;

export function weakSlicesText({ looked, isShare, slices }: NonNullable<EvaluateResult["weak"]>): string {
  const groups = `${counted(looked, "group")} of rows`;
  if (slices.length === 0) return `Looked at ${groups}: none is worse than the others by more than chance.`;
  const show = (value: number) => (isShare ? showFigure(value, true) : showNumber(value));
  const rows = slices
    .slice(0, mostSlices)
    .map(({ name, value, rows: size, error, others, probability }) => [
      shortened(`${name}: ${value}`, 36),
      String(size),
      show(error),
      show(others),
      probability < 0.001 ? "< 0.001" : probability.toFixed(3),
    ]);
  const head = ["Weak on", "Rows", isShare ? "Wrong" : "Error", "Elsewhere", "p"].map((name) => colors.dim(name));
  const more = slices.length > mostSlices ? `\n… and ${slices.length - mostSlices} more (--json)` : "";
  return `Looked at ${groups}; ${slices.length} ${slices.length === 1 ? "is" : "are"} worse than the others by more than chance:\n\n${textTable([head, ...rows])}${more}`;
}
