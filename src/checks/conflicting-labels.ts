// The same text with different labels: whatever a model answers, some of these rows count as errors.
import { type Check, percentOf, rowsText, shown } from "./check.js";
import { haveSameLabels, type LabelSets, labelsAt } from "./label-sets.js";

/** Numbers of the same text that differ by less than this share of their range are the same judgement. */
const sameNumber = 0.1;

export const conflictingLabels: Check = {
  kind: "conflicting-labels",
  async run(data) {
    const { texts, sets, labels } = data;
    const { exact } = await data.copies();
    const groups = new Map<number, number[]>();
    for (let row = 0; row < texts.length; row++) {
      if (exact[row] === row) continue;
      const own = groups.get(exact[row]);
      if (own) own.push(row);
      else groups.set(exact[row], [exact[row], row]);
    }
    const numbers = sets.areRanges ? labels.map(Number) : [];
    const apart = sameNumber * rangeOf(numbers);
    const differ = (a: number, b: number) =>
      sets.areRanges ? Math.abs(numbers[a] - numbers[b]) > apart : !haveSameLabels(sets, a, b);
    const conflicting = [...groups.values()].filter((rows) => rows.some((row) => differ(row, rows[0])));
    const rows = conflicting.flat();
    if (rows.length === 0) return [];
    // Of each group the most frequent answer can be right.
    const alike = sets.areRanges ? alikeNumbers(numbers, apart) : alikeSets(sets);
    const wrong = conflicting.reduce((sum, group) => sum + group.length - alike(group), 0);
    const isConflicting = new Set(rows);
    const quick = await data.quick();
    const share = percentOf(wrong / texts.length);
    return [
      {
        rows: rows.length,
        message:
          `${rowsText(rows.length)} have the text of another row, but ${sets.areRanges ? "another number" : "other labels"} ` +
          `(${conflicting.length === 1 ? "1 text" : `${conflicting.length.toLocaleString("en")} texts`})`,
        examples: conflicting.slice(0, shown).map((group) => {
          const other = group.find((row) => differ(row, group[0])) as number;
          return data.example(other, group[0]);
        }),
        advice:
          `Decide which label is right. ${wrong === 1 ? "One row" : rowsText(wrong)} (${share}) cannot be answered right by any model; if these ` +
          "labels are both right, the text alone does not tell, or rows have several labels",
        effect: quick?.withoutRows((row) => isConflicting.has(row)),
        details: { texts: conflicting.length, neverRight: wrong },
      },
    ];
  },
};

/** How many of some rows have the most frequent labels. */
function alikeSets(sets: LabelSets): (rows: readonly number[]) => number {
  return (rows) => {
    const counts = new Map<string, number>();
    let most = 0;
    for (const row of rows) {
      const key = labelsAt(sets, row).slice().sort().join();
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      most = Math.max(most, count);
    }
    return most;
  };
}

/** How many of some rows lie in one stretch of numbers that are the same judgement. */
function alikeNumbers(numbers: readonly number[], apart: number): (rows: readonly number[]) => number {
  return (rows) => {
    const sorted = Float64Array.from(rows, (row) => numbers[row]).sort();
    let [most, from] = [0, 0];
    for (let to = 0; to < sorted.length; to++) {
      while (sorted[to] - sorted[from] > apart) from++;
      most = Math.max(most, to - from + 1);
    }
    return most;
  };
}

function rangeOf(numbers: readonly number[]): number {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const number of numbers) [least, most] = [Math.min(least, number), Math.max(most, number)];
  return Math.max(0, most - least);
}
