// Ways to take a part of the rows for measuring: by lot, by groups, by time. The same text never stands on both sides.
import { stratifiedSplit } from "../tables/index.js";
import { dealGroups } from "./deal-groups.js";

export interface Divided {
  rest: number[];
  part: number[];
  /** Rows that belong to `part`, but are in neither: the rest has their text. */
  copies: number;
}

/** @param rows in ascending order @param share that `part` should have of them */
export type Divide = (rows: readonly number[], share: number, seed: number) => Divided;

/** Small tables give up a larger share before they give up. */
const largerShares = [0.3, 0.5];

/** Each part has its share of every class. @param keys of the texts: rows with the same one stay together */
export function divideByLot(classes: ArrayLike<number>, keys: readonly string[]): Divide {
  return withLargerShares((rows, share, seed) => {
    const own = rows.map((row) => keys[row]);
    const { rest, part } = stratifiedSplit(classesOf(classes, rows), share, seed, own);
    return { ...placed(rows, rest, part), copies: 0 };
  });
}

/** Groups stay whole, and each part has about its share of every class. */
export function divideByGroups(classes: ArrayLike<number>, keys: readonly string[], groups: ArrayLike<number>): Divide {
  return withLargerShares((rows, share, seed) => {
    const own = Int32Array.from(rows, (row) => groups[row]);
    const partOf = dealGroups(classesOf(classes, rows), own, [1 - share, share], seed, 0);
    return withoutCopies(
      keys,
      rows.filter((_, i) => partOf[i] === 0),
      rows.filter((_, i) => partOf[i] === 1),
    );
  });
}

/** The newest rows; those of one time are on one side. */
export function divideByTime(keys: readonly string[], times: Float64Array): Divide {
  return (rows, share) => {
    const sorted = Float64Array.from(rows, (row) => times[row]).sort();
    const wanted = (1 - share) * rows.length;
    let cut = -1;
    for (let at = 1; at < sorted.length; at++)
      if (sorted[at] > sorted[at - 1] && (cut < 0 || Math.abs(at - wanted) < Math.abs(cut - wanted))) cut = at;
    if (cut < 0) return { rest: [...rows], part: [], copies: 0 };
    const isNew = (row: number) => times[row] >= sorted[cut];
    return withoutCopies(
      keys,
      rows.filter((row) => !isNew(row)),
      rows.filter(isNew),
    );
  };
}

function withLargerShares(divide: Divide): Divide {
  return (rows, share, seed) => {
    for (const larger of [share, ...largerShares]) {
      const found = divide(rows, Math.max(share, larger), seed);
      if (found.part.length > 0) return found;
    }
    return divide(rows, share, seed);
  };
}

/** The same, where rows of the part whose text is in the rest are in neither. */
export function withoutCopies(keys: readonly string[], rest: number[], part: number[]): Divided {
  const known = new Set(rest.map((row) => keys[row]));
  const kept = part.filter((row) => !known.has(keys[row]));
  return { rest, part: kept, copies: part.length - kept.length };
}

const classesOf = (classes: ArrayLike<number>, rows: readonly number[]) => Int32Array.from(rows, (row) => classes[row]);

const placed = (rows: readonly number[], rest: Int32Array, part: Int32Array) => ({
  rest: Array.from(rest, (i) => rows[i]),
  part: Array.from(part, (i) => rows[i]),
});
