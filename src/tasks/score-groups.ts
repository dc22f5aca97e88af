// Figures by group: how good answers are for each value of a column, and how often each label is given.
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

export interface GroupShares {
  /** A value of the column, null for rows that have none. */
  group: string | null;
  rows: number;
  /** Rows without text, which have no prediction. */
  withoutText: number;
  /** How often each label is predicted, in the order of the model's labels; shares of the rows with a prediction. */
  labels: { label: string; rows: number; share: number }[];
  /** Fewer than 30 rows have a prediction. */
  isSmall: boolean;
}

/** Counts answers by group while rows pass. */
export interface AnswerTally {
  /** The answers of the next rows: a label, or a list of them; null where there is none. */
  add(answers: ArrayLike<string | number | readonly string[] | null>): void;
  /** The largest group first. */
  shares(): GroupShares[];
}

/**
 * @param groups the place of each row's group in `names`
 * @example
 * const tally = answerTally({ names: ["a", null], of: [0, 0, 1] }, ["good", "bad"]);
 * tally.add(["good", "bad", null]);
 * tally.shares()[0]; // { group: "a", rows: 2, withoutText: 0, labels: [{ label: "good", rows: 1, share: 0.5 }, …] }
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
    shares() {
      const shares = counts.map(({ rows, answered, byLabel }, i): GroupShares => {
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

type Group = Pick<GroupScores, "group" | "rows">;

/** Of the same size: by name, the group without a value last. */
function largestFirst(a: Group, b: Group): number {
  if (a.rows !== b.rows) return b.rows - a.rows;
  if (a.group === null || b.group === null) return a.group === null ? 1 : -1;
  return a.group < b.group ? -1 : 1;
}
