// Groups of rows in which a model is worse than on the others by more than chance. Knows errors and groups, no model.
import { holm, hypergeometricTail, normalTail } from "../../metrics/index.js";

/** A way to divide the rows. */
export interface Division {
  /** Such as "store" for a column, "length", "language" or "topic". */
  name: string;
  kind: "column" | "length" | "language" | "topic";
  /** The group of each row; null for a row that is in none. */
  groups: readonly (string | null)[];
}

export interface WeakSlice {
  kind: Division["kind"];
  name: string;
  value: string;
  rows: number;
  /** Mean of their errors: the share that is wrong, or how far off. */
  error: number;
  /** Of all other rows. */
  others: number;
  /** Of such a difference by chance, corrected for the number of groups (Holm). */
  probability: number;
  /** Numbers of some of the rows, those with the largest errors first. */
  examples: number[];
}

export interface SliceSearch {
  /** Groups that were looked at. */
  looked: number;
  /** Errors are 0 or 1, and their means shares of wrong rows. */
  isShare: boolean;
  /** Corrected probability below 0.05; those that cost most errors first. */
  slices: WeakSlice[];
}

/** Groups of fewer rows can show nothing, and one of nearly all rows is no slice. */
const fewestRows = 20;
const largestShare = 0.8;
const level = 0.05;
const mostExamples = 3;

/**
 * Errors of 0 and 1 are compared by Fisher's exact test, others by the mean of as many rows drawn at random; both one-sided.
 *
 * @param errors of the rows, from 0
 * @example
 * findWeakSlices(errors, [{ kind: "column", name: "store", groups: stores }]).slices[0].value; // "Berlin"
 */
export function findWeakSlices(errors: Float64Array, divisions: readonly Division[]): SliceSearch {
  const rows = errors.length;
  const total = errors.reduce((sum, error) => sum + error, 0);
  const mean = total / rows;
  const variance = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / Math.max(1, rows - 1);
  const isCounted = errors.every((error) => error === 0 || error === 1);
  const found: (WeakSlice & { sum: number })[] = [];
  const seen = new Set<string>();
  for (const { kind, name, groups } of divisions) {
    const members = new Map<string, number[]>();
    for (const [row, group] of groups.entries()) {
      if (group === null) continue;
      const own = members.get(group);
      if (own) own.push(row);
      else members.set(group, [row]);
    }
    for (const [value, own] of members) {
      if (own.length < fewestRows || own.length > largestShare * rows) continue;
      // The same rows under another name are looked at once.
      const key = `${own.length}:${own.slice(0, 50).join()}:${own[own.length - 1]}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const sum = own.reduce((all, row) => all + errors[row], 0);
      const spread = Math.sqrt(variance * (1 / own.length - 1 / rows));
      const probability = isCounted
        ? hypergeometricTail(sum, rows, total, own.length)
        : spread === 0
          ? 1
          : normalTail((sum / own.length - mean) / spread);
      found.push({
        kind,
        name,
        value,
        rows: own.length,
        error: sum / own.length,
        others: (total - sum) / (rows - own.length),
        probability,
        examples: own.sort((a, b) => errors[b] - errors[a] || a - b).slice(0, mostExamples),
        sum,
      });
    }
  }
  const corrected = holm(found.map(({ probability }) => probability));
  const cost = ({ error, others, rows: own }: WeakSlice) => (error - others) * own;
  const slices = found
    .map(({ sum: _, ...slice }, i) => ({ ...slice, probability: corrected[i] }))
    .filter(({ probability }) => probability < level)
    .sort((a, b) => cost(b) - cost(a) || (a.value < b.value ? -1 : 1));
  return { looked: found.length, isShare: isCounted, slices };
}
