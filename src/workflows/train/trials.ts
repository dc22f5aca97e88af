// What a search with a budget tries: families, their settings, and of a large table a part of the rows first.
import { mixSeed } from "../../base/random.js";
import { takeTargets } from "../../networks/index.js";
import type { Candidate } from "../../select/index.js";
import { stratifiedSplit } from "../../tables/index.js";
import type { FamilySettings, SplitRows, Task } from "../../tasks/index.js";
import type { FamilyToTrain } from "./train-family.js";

export interface Trial extends Candidate, FamilyToTrain {
  settings?: FamilySettings;
  /** Of the training rows, where it learns from a part of them. */
  rows?: number;
}

/** A linear model of so many rows takes a moment; from a part to the next, or to all rows, it is at least so many times as many. */
const [firstRows, growth] = [1000, 4];

/**
 * In the order in which they are tried: cheapest first, where a family's second settings count twice their cost, its third thrice, so
 * that the usual ones of all families come early.
 *
 * @param families first the one that there must be a model of
 * @param rows to learn from
 */
export function trialsOf({ families: known }: Task, families: readonly string[], rows: number): Trial[] {
  const trials = families.flatMap((family) =>
    known[family].candidates.map(({ settings, cost }, i) => ({
      order: cost * (i + 1),
      trial: { name: i === 0 ? family : `${family}-${i + 1}`, family, group: family, settings, cost } as Trial,
    })),
  );
  const [first] = trials;
  // What a part takes also tells what all rows will (Q. Wu et al. 2021, arXiv:1911.04706: FLAML).
  for (let part = firstRows; part * growth <= rows; part *= growth) {
    const cost = (first.trial.cost * part) / rows;
    trials.push({
      order: cost,
      trial: { ...first.trial, name: `${first.trial.family}-${part}-rows`, rows: part, cost },
    });
  }
  return trials.sort((a, b) => a.order - b.order).map(({ trial }) => trial);
}

/** A part of the training rows that has its share of each of the task's strata. */
export function partOf(task: Task, rows: SplitRows, count: number, seed: number): SplitRows {
  const { targets, texts } = rows.training;
  const { part } = stratifiedSplit(task.strata(targets, rows.space), count / texts.length, mixSeed(seed, 4));
  return {
    ...rows,
    training: { texts: Array.from(part, (row) => texts[row]), targets: takeTargets(targets, part) },
    labels: { ...rows.labels, training: Array.from(part, (row) => rows.labels.training[row]) },
  };
}
