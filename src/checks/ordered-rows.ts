// An order in the table: rows sorted by label or by time. Whoever takes the last rows as a test table measures something else.
import { createRandom, mixSeed } from "../base/random.js";
import { type Check, type FindingFacts, percentOf } from "./check.js";
import type { CheckedRows } from "./checked-rows.js";
import { timeOf } from "./giveaway-column.js";
import { haveSameLabels } from "./label-sets.js";
import { isLargeShift, labelShift, toldApart } from "./two-samples.js";

const fewestRows = 60;
const leastDistance = 0.1;
const leastApart = 0.65;
/** Changes of the label from row to row, relative to those of rows in no order. */
const mostChanges = 0.5;
/** Pairs of neighbours in order, of a column that the rows are sorted by. */
const leastOrdered = 0.99;

export const orderedRows: Check = {
  kind: "ordered-rows",
  async run(data) {
    const { trainingRows: rows, training } = data;
    if (rows < fewestRows) return [];
    const third = Math.floor(rows / 3);
    const [first, last] = [range(0, third), range(rows - third, rows)];
    const shift = labelShift(data, first, last);
    const isShifted = isLargeShift(shift, leastDistance);
    const changes = labelChanges(data);
    const isSorted = changes < mostChanges;
    const sortedBy = timeColumn(data);
    // Other labels are other texts: asked only where the labels are the same.
    const apart = isShifted || isSorted ? undefined : await toldApart(data, first, last);
    const isApart = apart !== undefined && apart >= leastApart;
    if (!isShifted && !isSorted && !isApart && sortedBy === undefined) return [];
    const what =
      sortedBy !== undefined
        ? `the rows of ${training.source} are in order of '${sortedBy}'`
        : isSorted
          ? `the rows of ${training.source} are in order of their labels`
          : `the rows of ${training.source} are in some order`;
    const shares = shift.most
      .slice(0, 2)
      .map(({ label, shares: [p, q] }) => `'${label}' ${percentOf(p)} and ${percentOf(q)}`)
      .join("; ");
    const how = isShifted
      ? `: the first and the last third have other labels (${shares})`
      : isApart
        ? `: texts of the first and the last third can be told apart in ${percentOf(apart)} of the cases or more`
        : "";
    const own: FindingFacts = {
      rows,
      message: `${what}${how}`,
      examples: [0, rows - 1].map((row) => data.example(row)),
      advice:
        sortedBy !== undefined
          ? `If new rows come later than these, measure so too: hold out the latest rows by '${sortedBy}' as the test table. Rows held out at random score too well`
          : isSorted || isShifted
            ? "Do not hold out the first or last rows. Training here draws its rows at random, with each label's share, so the order does no harm"
            : "Rows held out at random are more like the training rows than new rows may be. Find out what changed, and hold out the rows that are most like new ones",
      details: {
        labelDistance: shift.distance,
        byChance: shift.byChance,
        labels: shift.most,
        labelChanges: changes,
        toldApart: apart ?? null,
        sortedBy: sortedBy ?? null,
      },
    };
    return [own];
  },
};

/** Neighbours with different labels, relative to what rows in no order would have. */
function labelChanges(data: CheckedRows): number {
  const { sets, trainingRows: rows, seed } = data;
  const shuffled = createRandom(mixSeed(seed, 0x0d)).shuffle(Int32Array.from({ length: rows }, (_, row) => row));
  let [changes, expected] = [0, 0];
  for (let row = 1; row < rows; row++) {
    if (!haveSameLabels(sets, row - 1, row)) changes++;
    if (!haveSameLabels(sets, shuffled[row - 1], shuffled[row])) expected++;
  }
  return expected === 0 ? 1 : changes / expected;
}

/** A column of times in order, ascending or descending. */
function timeColumn({ sampled }: CheckedRows): string | undefined {
  for (const { name, values } of sampled.columns) {
    const times = values.filter((value) => value !== null && value !== "").map((value) => timeOf(value as string));
    if (times.length < fewestRows || times.some(Number.isNaN) || new Set(times).size < 10) continue;
    let [up, down] = [0, 0];
    for (let i = 1; i < times.length; i++) {
      if (times[i] >= times[i - 1]) up++;
      if (times[i] <= times[i - 1]) down++;
    }
    if (Math.max(up, down) >= leastOrdered * (times.length - 1)) return name;
  }
  return undefined;
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
