// Figures by group: how good answers are for each value of a column, and what is answered.
import type { Figure } from "../report/figure.js";
import type { RowGroups } from "../tables/index.js";

/** Groups of fewer rows are small: their figures say little. */
export const smallGroup = 30;

export interface GroupScores {
  /** A value of the column, null for rows that have none. */
  group: string | null;
  rows: number;
  figures: Figure[];
  /** Fewer than 30 rows. */
  isSmall: boolean;
}

/**
 * @param groups the group of each row
 * @param figuresOf the figures of some rows
 * @returns the largest group first
 * @example
 * scoreGroups(["a", "a", null], (rows) => [accuracyOf(rows)])[0]; // { group: "a", rows: 2, figures: […], isSmall: true }
 */
export function scoreGroups(
  groups: readonly (string | null)[],
  figuresOf: (rows: readonly number[]) => Figure[],
): GroupScores[] {
  const rowsOf = new Map<string | null, number[]>();
  for (const [row, group] of groups.entries()) {
    const rows = rowsOf.get(group);
    if (rows) rows.push(row);
    else rowsOf.set(group, [row]);
  }
  return [...rowsOf]
    .map(([group, members]): GroupScores => {
      const rows = members.length;
      return { group, rows, figures: figuresOf(members), isSmall: rows < smallGroup };
    })
    .sort(largestFirst);
}

/** The answers of a group: shares of labels, or figures of numbers. */
export interface GroupAnswers {
  /** A value of the column, null for rows that have none. */
  group: string | null;
  rows: number;
  /** Rows without text, which have no prediction. */
  withoutText: number;
  /** How often each label is predicted, in the order of the model's labels; shares of the rows with a prediction. */
  labels?: { label: string; rows: number; share: number }[];
  /** Of the numbers that are predicted. */
  figures?: Figure[];
  /** Fewer than 30 rows have a prediction. */
  isSmall: boolean;
}

/** Looks at answers by group while rows pass. */
export interface AnswerTally {
  /** The answers of the next rows: a label, a list of them, or a number; null where there is none. */
  add(answers: ArrayLike<string | number | readonly string[] | null>): void;
  /** The largest group first. */
  groups(): GroupAnswers[];
}

/**
 * @param groups the place of each row's group in `names`
 * @example
 * const tally = answerTally({ names: ["a", null], of: [0, 0, 1] }, ["good", "bad"]);
 * tally.add(["good", "bad", null]);
 * tally.groups()[0]; // { group: "a", rows: 2, withoutText: 0, labels: [{ label: "good", rows: 1, share: 0.5 }, …] }
 */
export function answerTally({ names, of }: Pick<RowGroups, "names" | "of">, labels: readonly string[]): AnswerTally {
  const places = new Map<string | number | null, number>(labels.map((label, i) => [label, i]));
  const counts = names.map(() => ({ rows: 0, answered: 0, byLabel: new Int32Array(labels.length) }));
  let row = 0;
  return {
    add(answers) {
      for (let i = 0; i < answers.length; i++, row++) {
        const count = counts[of[row]];
        count.rows++;
        const answer = answers[i];
        if (answer === null) continue;
        count.answered++;
        for (const label of typeof answer === "object" ? answer : [answer]) {
          const place = places.get(label);
          if (place !== undefined) count.byLabel[place]++;
        }
      }
    },
    groups() {
      const shares = counts.map(({ rows, answered, byLabel }, i): GroupAnswers => {
        return {
          group: names[i],
          rows,
          withoutText: rows - answered,
          labels: labels.map((label, place) => ({
            label,
            rows: byLabel[place],
            share: answered > 0 ? byLabel[place] / answered : 0,
          })),
          isSmall: answered < smallGroup,
        };
      });
      return shares.sort(largestFirst);
    },
  };
}

/**
 * Mean and standard deviation (of the group, not an estimate) of numbers by group.
 *
 * @example
 * const tally = numberTally({ names: ["a", null], of: [0, 0, 1] });
 * tally.add([2, 4, null]);
 * tally.groups()[0].figures; // mean 3, standard deviation 1
 */
export function numberTally({ names, of }: Pick<RowGroups, "names" | "of">): AnswerTally {
  // Welford's running mean and sum of squared deviations (Technometrics 4, 1962)
  const sums = names.map(() => ({ rows: 0, answered: 0, mean: 0, squares: 0 }));
  let row = 0;
  return {
    add(answers) {
      for (let i = 0; i < answers.length; i++, row++) {
        const sum = sums[of[row]];
        sum.rows++;
        const answer = answers[i];
        if (answer === null) continue;
        const difference = Number(answer) - sum.mean;
        sum.mean += difference / ++sum.answered;
        sum.squares += difference * (Number(answer) - sum.mean);
      }
    },
    groups() {
      const groups = sums.map(({ rows, answered, mean, squares }, i): GroupAnswers => {
        const known = answered > 0;
        return {
          group: names[i],
          rows,
          withoutText: rows - answered,
          figures: [
            { name: "mean", title: "Mean", value: known ? mean : Number.NaN, isShare: false },
            {
              name: "standardDeviation",
              title: "Std. deviation",
              value: known ? Math.sqrt(squares / answered) : Number.NaN,
              isShare: false,
            },
          ],
          isSmall: answered < smallGroup,
        };
      });
      return groups.sort(largestFirst);
    },
  };
}

type Group = Pick<GroupScores, "group" | "rows">;

/** Of the same size: by name, the group without a value last. */
function largestFirst(a: Group, b: Group): number {
  if (a.rows !== b.rows) return b.rows - a.rows;
  if (a.group === null || b.group === null) return a.group === null ? 1 : -1;
  return a.group < b.group ? -1 : 1;
}
