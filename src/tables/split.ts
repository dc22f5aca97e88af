// Rows in two parts with the same share of every class. Knows only numbers and, for copies, texts.
import { createRandom, mixSeed } from "../base/random.js";

/**
 * Indices of the rows, ascending: `part` contains about `share` of every class, `rest` the others. The rounding remainder of
 * one class carries over to the next, so that the whole part keeps its size. A class with one row stays in `rest`. Where
 * `texts` are given, rows with the same text are on one side (and count for the class of the first of them).
 *
 * @param labels Class of each row, any integers.
 * @example
 * const { rest, part } = stratifiedSplit([0, 0, 0, 0, 1, 1, 1, 1], 0.25, 7); // 6 and 2 indices
 */
export function stratifiedSplit(
  labels: ArrayLike<number>,
  share: number,
  seed: number,
  texts?: readonly string[],
): { rest: Int32Array; part: Int32Array } {
  if (!(share >= 0 && share < 1)) throw new RangeError(`The share must be at least 0 and less than 1, not ${share}.`);
  if (texts && texts.length !== labels.length)
    throw new RangeError(`${texts.length} texts and ${labels.length} labels: both must have one entry per row.`);
  const isPart = new Uint8Array(labels.length);
  let owed = 0;
  for (const [label, groups] of [...groupsByClass(labels, texts)].sort(([a], [b]) => a - b)) {
    const rows = groups.reduce((sum, group) => sum + group.length, 0);
    owed += share * rows;
    createRandom(mixSeed(seed, label)).shuffle(groups);
    const wanted = Math.round(owed);
    let taken = 0;
    for (const group of groups.slice(1)) {
      if (taken + group.length > wanted) continue;
      for (const row of group) isPart[row] = 1;
      taken += group.length;
    }
    owed -= taken;
  }
  const all = Int32Array.from(isPart, (_, row) => row);
  return { rest: all.filter((row) => isPart[row] === 0), part: all.filter((row) => isPart[row] === 1) };
}

function groupsByClass(labels: ArrayLike<number>, texts: readonly string[] | undefined): Map<number, number[][]> {
  const classes = new Map<number, number[][]>();
  const byText = new Map<string, number[]>();
  for (let row = 0; row < labels.length; row++) {
    const known = texts && byText.get(texts[row]);
    if (known) {
      known.push(row);
      continue;
    }
    const group = [row];
    if (texts) byText.set(texts[row], group);
    const groups = classes.get(labels[row]);
    if (groups) groups.push(group);
    else classes.set(labels[row], [group]);
  }
  return classes;
}
