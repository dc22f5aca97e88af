// What a comparison of two models says, in words.
import { counted } from "../../base/counted.js";
import { showNumber } from "../../report/figure.js";
import type { Measure } from "../../tasks/index.js";
import type { ModelDifference } from "./run.js";

/**
 * @example
 * sentenceOf(pair, accuracy, 500); // "lstm beats linear by 1.2 points (0.3 to 2.1)."
 */
export function sentenceOf(
  { better, worse, difference, interval, isShown, smallest }: Omit<ModelDifference, "sentence">,
  metric: Measure,
  rows: number,
): string {
  const { isShare } = metric;
  const range = `${amount(interval.low, isShare)} to ${amount(interval.high, isShare)}`;
  if (isShown) return `${better} beats ${worse} by ${sized(difference, isShare)} (${range}).`;
  const what = difference === 0 ? "are equally good" : `differ by ${sized(difference, isShare)} (${range})`;
  const limit =
    isShare && smallest > 1
      ? "no difference can be shown"
      : `no difference below ${sized(Math.max(smallest, difference), isShare)} can be shown`;
  return `${better} and ${worse} ${what}, which may be chance: with ${counted(rows, "test row")} ${limit}.`;
}

/** Shares in points. */
function amount(value: number, isShare: boolean): string {
  if (!isShare) return value < 0 ? `−${showNumber(-value)}` : showNumber(value);
  const points = (100 * Math.abs(value)).toFixed(1);
  return value < 0 && points !== "0.0" ? `−${points}` : points;
}

function sized(value: number, isShare: boolean): string {
  const shown = amount(value, isShare);
  return isShare ? `${shown} ${shown === "1.0" ? "point" : "points"}` : shown;
}
