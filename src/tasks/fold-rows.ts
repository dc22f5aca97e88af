// Training and validation rows in folds, each of which is answered by a model that learned from the others.
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { mixSeed } from "../base/random.js";
import { takeTargets } from "../networks/index.js";
import { dealGroups } from "./deal-groups.js";
import { divideByGroups, divideByLot, withoutCopies } from "./divide-rows.js";
import type { TaskRows, TrainingRows } from "./families/family.js";
import { joinRows } from "./families/linear-family.js";
import { clustersOf } from "./intervals.js";
import { type LabelValue, rowsOf } from "./read-labelled.js";
import { type SplitRows, validationShare } from "./split-rows.js";
import type { Task } from "./task.js";
import { textKey } from "./training-texts.js";

export interface Fold {
  rows: TrainingRows;
  space: unknown;
  /** Of the validation rows. */
  labels: readonly LabelValue[];
  /** Places of the rows to answer among training and validation rows, one behind the other. */
  held: readonly number[];
  heldTexts: readonly string[];
}

/** Training and validation rows, one behind the other. */
export interface LearnedRows extends TaskRows {
  labels: LabelValue[];
  /** By number: rows that stay together. Those of a column, or else those of one text. */
  groups: Int32Array;
}

export function learnedRows({ training, validation, labels, groups }: SplitRows): LearnedRows {
  const joined = joinRows(training, validation);
  return {
    ...joined,
    labels: [...labels.training, ...labels.validation],
    groups: groups
      ? Int32Array.from([...groups.training, ...groups.validation])
      : clustersOf(joined.texts.map(textKey)),
  };
}

/**
 * Every row is held by one fold. The others are divided into training and validation as the rows of a table are, so that what answers
 * has seen nothing of the rows that it is held against, not even to choose an epoch by.
 *
 * @throws UserError when there are too few rows
 */
export function foldRows(
  task: Task,
  rows: SplitRows,
  folds: number,
  seed: number,
): { folds: Fold[]; warnings: string[] } {
  const all = learnedRows(rows);
  const keys = all.texts.map(textKey);
  const strata = task.strata(all.targets, rows.space);
  const foldOf = dealGroups(strata, all.groups, new Array(folds).fill(1 / folds), mixSeed(seed, 4));
  const divide = rows.groups ? divideByGroups(strata, keys, all.groups) : divideByLot(strata, keys);
  const made = Array.from({ length: folds }, (_, fold) => {
    const held = placesOf(foldOf, (one) => one === fold);
    const others = withoutCopies(
      keys,
      held,
      placesOf(foldOf, (one) => one !== fold),
    ).part;
    const { rest, part } = divide(others, validationShare(others.length), mixSeed(seed, 5, fold));
    if (held.length === 0 || part.length === 0) throw tooManyFolds(folds, all, rows);
    return foldOn(task, rows.space, all, { training: rest, validation: part, held });
  });
  return { folds: made, warnings: rareLabels(task, rows, strata, all.groups, folds) };
}

/**
 * Folds to choose a family by: the rows that they hold are also those of validation, as for the model itself, whose own validation rows
 * are one fold more.
 */
export function judgingFolds(task: Task, rows: SplitRows, folds: number, seed: number): Fold[] {
  const all = learnedRows(rows);
  const keys = all.texts.map(textKey);
  const count = rows.training.texts.length;
  const strata = task.strata(all.targets, rows.space).subarray(0, count);
  const foldOf = dealGroups(strata, all.groups.subarray(0, count), new Array(folds).fill(1 / folds), mixSeed(seed, 6));
  const made = Array.from({ length: folds }, (_, fold) => {
    const held = placesOf(foldOf, (one) => one === fold);
    const isOther = (row: number) => foldOf[row] !== fold;
    const training = withoutCopies(keys, held, [...all.texts.keys()].filter(isOther)).part;
    return foldOn(task, rows.space, all, { training, validation: held, held });
  });
  return made.filter(({ held }) => held.length > 0);
}

const placesOf = (foldOf: Int32Array, isWanted: (fold: number) => boolean) =>
  [...foldOf.keys()].filter((row) => isWanted(foldOf[row]));

function foldOn(
  task: Task,
  space: unknown,
  all: LearnedRows,
  { training, validation, held }: Record<"training" | "validation" | "held", readonly number[]>,
): Fold {
  const some = (rows: readonly number[]) => ({
    texts: rows.map((row) => all.texts[row]),
    targets: takeTargets(all.targets, rows),
  });
  const learned = some(training);
  return {
    rows: { head: task.head(space, learned.targets), training: learned, validation: some(validation) },
    ...{ space, labels: validation.map((row) => all.labels[row]), held },
    heldTexts: held.map((row) => all.texts[row]),
  };
}

function tooManyFolds(folds: number, { texts, groups }: LearnedRows, rows: SplitRows): UserError {
  const what = rows.groups ? `${new Set(groups).size} groups` : `${new Set(groups).size} different texts`;
  return new UserError(
    `${rowsOf(texts.length)} with ${what} for training and validation are too few for ${folds} folds. Choose fewer ` +
      `${option("folds")}, or add rows.`,
  );
}

const mostNamed = 5;

/** Where labels have names: those of fewer rows (or groups) than there are folds. */
function rareLabels(
  task: Task,
  { space, groups: isGrouped }: SplitRows,
  strata: Int32Array,
  groups: Int32Array,
  folds: number,
): string[] {
  if (task.form.activation === "linear") return [];
  const names = task.answerNames("", space);
  const groupsOf = new Map<number, Set<number>>();
  for (const [row, stratum] of strata.entries())
    if (stratum >= 0) groupsOf.set(stratum, (groupsOf.get(stratum) ?? new Set()).add(groups[row]));
  const rare = [...groupsOf].filter(([, own]) => own.size < folds).sort(([a], [b]) => a - b);
  if (rare.length === 0) return [];
  const shown = rare.slice(0, mostNamed).map(([stratum, own]) => `'${names[stratum]}' (${own.size})`);
  const more = rare.length > mostNamed ? ` and ${rare.length - mostNamed} more` : "";
  return [
    `Labels with fewer ${isGrouped ? "groups" : "different texts"} than the ${folds} folds: ${shown.join(", ")}${more}. Some folds have ` +
      "no row of them, and out-of-fold answers for a label with one are given by models that do not know it.",
  ];
}
