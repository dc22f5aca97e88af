// The same text with different labels: whatever a model answers, some of these rows count as errors.
import { type Check, percentOf, rowsText, shown } from "./check.js";
import { haveSameLabels } from "./label-sets.js";

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
    const differ = sets.areRanges
      ? numbersDiffer(labels.map(Number))
      : (a: number, b: number) => !haveSameLabels(sets, a, b);
    const conflicting = [...groups.values()].filter((rows) => rows.some((row) => differ(row, rows[0])));
    const rows = conflicting.flat();
    if (rows.length === 0) return [];
    // Of each group the most frequent answer can be right.
    let wrong = 0;
    for (const group of conflicting) {
      let most = 0;
      for (const row of group) most = Math.max(most, group.filter((other) => !differ(row, other)).length);
      wrong += group.length - most;
    }
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

function numbersDiffer(numbers: readonly number[]): (a: number, b: number) => boolean {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const number of numbers) [least, most] = [Math.min(least, number), Math.max(most, number)];
  const apart = sameNumber * (most - least);
  return (a, b) => Math.abs(numbers[a] - numbers[b]) > apart;
}
