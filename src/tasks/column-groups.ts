// The values of a column as groups of rows. Knows no table and no model.
import { quantile } from "../metrics/index.js";

/** Numbers of more values are divided into four ranges. */
const mostNumbers = 12;
/** Values that stand for a group of rows; columns of more are names or texts. */
const mostValues = 1000;

/** The group of rows whose value is NULL or empty. */
export const noValue = "(no value)";

/** Values as they are, numbers of many values and days in ranges; nothing where nearly each row has its own. */
export function columnGroups(values: readonly (string | null)[]): (string | null)[] | undefined {
  const given = values.filter((value) => value !== null && value !== "");
  const distinct = new Set(given);
  if (distinct.size === 0 || (distinct.size === 1 && given.length === values.length)) return undefined;
  if (distinct.size > mostNumbers && given.every((value) => Number.isFinite(Number(value))))
    return inRanges(
      values.map((value) => (value === null || value === "" ? Number.NaN : Number(value))),
      (value) => String(Number(value.toPrecision(6))),
      "",
    );
  if (distinct.size > mostNumbers && given.every((value) => /^\d{4}-\d\d-\d\d/.test(value!))) {
    const months = new Set(given.map((value) => value!.slice(0, 7)));
    const digits = months.size <= 24 ? 7 : 4;
    return values.map((value) => value?.slice(0, digits) || noValue);
  }
  if (distinct.size > mostValues && distinct.size > given.length / 2) return undefined;
  return values.map((value) => (value === null || value === "" ? noValue : value));
}

/** Four ranges of about as many rows; NaN has none. */
export function inRanges(
  values: readonly number[],
  show: (value: number) => string,
  unit: string,
): (string | null)[] | undefined {
  const sorted = Float64Array.from(values.filter((value) => !Number.isNaN(value))).sort();
  if (sorted.length === 0 || sorted[0] === sorted[sorted.length - 1]) return undefined;
  const bounds = [...new Set([0.25, 0.5, 0.75].map((share) => quantile(sorted, share)))];
  const ranges = [...bounds, Number.POSITIVE_INFINITY];
  const names = ranges.map((bound, i) => {
    if (i === 0) return `up to ${show(bound)}${unit}`;
    return bound === Number.POSITIVE_INFINITY
      ? `above ${show(ranges[i - 1])}${unit}`
      : `${show(ranges[i - 1])} to ${show(bound)}${unit}`;
  });
  return values.map((value) => (Number.isNaN(value) ? noValue : names[ranges.findIndex((bound) => value <= bound)]));
}
