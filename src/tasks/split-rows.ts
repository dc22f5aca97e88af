// From labelled texts to training, validation and held-out rows that share no text. Knows no files, no model and no task.
import { createHash } from "node:crypto";
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { mixSeed } from "../base/random.js";
import { takeTargets } from "../networks/index.js";
import { type Divide, divideByGroups, divideByLot, divideByTime } from "./divide-rows.js";
import type { TrainingRows } from "./families/family.js";
import { type LabelledTable, type LabelValue, rowsOf } from "./read-labelled.js";
import { clustersToMeasure, numberGroups } from "./row-groups.js";
import { timesOf } from "./row-times.js";
import type { Task, TaskOptions } from "./task.js";
import { textKey } from "./training-texts.js";

export interface SplitOptions extends TaskOptions {
  /** Column whose values stay on one side; one of the tables' `others`. */
  group?: string;
  /** Column of times, the newest to measure on; one of the table's `others`. */
  time?: string;
}

export interface SplitRows extends TrainingRows {
  space: unknown;
  /** As they are spelt, of the training and of the validation rows. */
  labels: { training: LabelValue[]; validation: LabelValue[] };
  heldOut: {
    texts: string[];
    labels: LabelValue[];
    source: string;
    /** See `Task.score`. */
    clusters?: Int32Array;
  };
  /** By number, where groups stay on one side. */
  groups?: { training: Int32Array; validation: Int32Array };
  /** Training rows that were left out because the test table has the same text. */
  sharedWithTest: number;
  /** How the rows were divided, where it was not by lot, and what it left out. */
  split?: SplitFacts;
  warnings: string[];
}

export interface SplitFacts {
  group?: string;
  time?: string;
  /** Rows left out of training because the test table has the same group. */
  groupInTest?: number;
  withoutTime?: number;
  /** Rows left out of validation and held-out rows because an earlier part has their text. */
  repeatedTexts: number;
}

const heldOutShare = 0.2;
const mostHeldOut = 5000;
const mostValidation = 5000;

/**
 * Held out are the rows of `test`, or else a fifth of `table`, at most 5,000 rows; for validation goes a tenth of the
 * rest (a fifth of fewer than 2,000 rows), at most 5,000. Both have their share of each of the task's strata, unless the rows are
 * divided by time: then held out are the newest ones, and the ones before are for validation. Texts count as the same when they differ only in
 * case and spaces; they are on one side, and so are rows of one group. `seed` draws the rows, and nothing else does.
 *
 * @throws UserError when there are too few rows, labels, groups or times to learn and to measure, or too many labels
 */
export function splitRows(
  task: Task,
  table: LabelledTable,
  test: LabelledTable | undefined,
  seed: number,
  options: SplitOptions,
): SplitRows {
  const { group, time } = options;
  const warnings: string[] = [];
  const keys = table.texts.map(textKey);
  const testKeys = new Set(test?.texts.map(textKey));
  let rows = [...table.texts.keys()].filter((row) => !testKeys.has(keys[row]));
  const sharedWithTest = table.texts.length - rows.length;
  if (test && sharedWithTest > 0) {
    if (rows.length === 0) throw allInTest("Every text", table, test);
    warnings.push(`${rowsOf(sharedWithTest)} with a text that is also in ${test.source} left out of training.`);
  }
  const split: SplitFacts = {
    ...(group !== undefined && { group }),
    ...(time !== undefined && { time }),
    repeatedTexts: 0,
  };
  const without = (isGone: (row: number) => boolean) => {
    const before = rows.length;
    rows = rows.filter((row) => !isGone(row));
    return before - rows.length;
  };
  const groups = group === undefined ? undefined : numberGroups(group, table, test);
  if (groups) {
    warnings.push(...groups.warnings);
    const inTest = new Set(groups.test);
    split.groupInTest = without((row) => inTest.has(groups.table[row]));
    if (rows.length === 0) throw allInTest(`Every value of '${group}'`, table, test!);
    if (split.groupInTest > 0)
      warnings.push(`${rowsOf(split.groupInTest)} whose '${group}' is also in ${test?.source} left out of training.`);
  }
  const times = time === undefined ? undefined : timesOf(table.others[time], { column: time, source: table.source });
  if (times) {
    split.withoutTime = without((row) => Number.isNaN(times[row]));
    if (split.withoutTime > 0) warnings.push(`${rowsOf(split.withoutTime)} without '${time}' left out.`);
  }

  const take = (divide: Divide, share: number, part: number) => {
    const found = divide(rows, share, mixSeed(seed, part));
    rows = found.rest;
    split.repeatedTexts += found.copies;
    return found.part;
  };
  const takeHeldOut = (divide: Divide) => take(divide, Math.min(heldOutShare, mostHeldOut / rows.length), 1);
  const byTime = times && divideByTime(keys, times);
  // What labels the future has is not known before.
  const newest = byTime && !test ? takeHeldOut(byTime) : undefined;
  const { space, warnings: planned } = task.plan(table, rows, options);
  warnings.push(...planned);
  const targets = task.targets(table.labels, space);
  const strata = task.strata(targets, space);
  const divide = byTime ?? (groups ? divideByGroups(strata, keys, groups.table) : divideByLot(strata, keys));
  const textsOf = (chosen: readonly number[]) => chosen.map((row) => table.texts[row]);
  const labelsOf = (chosen: readonly number[]) => chosen.map((row) => table.labels[row]);
  const groupsIn = (chosen: readonly number[]) => Int32Array.from(chosen, (row) => groups!.table[row]);

  let heldOut: SplitRows["heldOut"];
  let measured = groups?.test;
  if (test) {
    heldOut = { texts: test.texts, labels: test.labels, source: test.source };
    warnings.push(...task.unknownLabels(test.labels, space, test.source));
  } else {
    const taken = newest ?? takeHeldOut(divide);
    if (taken.length === 0) throw tooFew(table, "measure on", options);
    const share = `${Math.round((100 * taken.length) / (taken.length + rows.length))} %`;
    heldOut = { texts: textsOf(taken), labels: labelsOf(taken), source: sourceOf(share, table, seed, options) };
    if (newest) warnings.push(...task.unknownLabels(heldOut.labels, space, "the held-out rows"));
    measured = groups && groupsIn(taken);
  }
  if (measured) {
    const { clusters, warnings: rough } = clustersToMeasure(group!, measured);
    warnings.push(...rough);
    if (clusters) heldOut.clusters = clusters;
  }
  const validation = take(divide, validationShare(rows.length), 2);
  if (validation.length === 0) throw tooFew(table, "choose the model by", options);
  if (split.repeatedTexts > 0)
    warnings.push(
      `${rowsOf(split.repeatedTexts)} left out of the ${test ? "" : "held-out and "}validation rows: the text is also in an earlier part.`,
    );
  const training = takeTargets(targets, rows);
  return {
    space,
    head: task.head(space, training),
    training: { texts: textsOf(rows), targets: training },
    validation: { texts: textsOf(validation), targets: takeTargets(targets, validation) },
    labels: { training: labelsOf(rows), validation: labelsOf(validation) },
    heldOut,
    ...(groups && { groups: { training: groupsIn(rows), validation: groupsIn(validation) } }),
    sharedWithTest,
    ...((group ?? time) !== undefined && { split }),
    warnings,
  };
}

/** Of so many rows that are not held out. */
export const validationShare = (rows: number) => Math.min(rows < 2000 ? 0.2 : 0.1, mostValidation / rows);

/** SHA-256 of the texts and labels of the training and validation rows, in their order. */
export function fingerprintOf({ training, validation, labels }: SplitRows): string {
  const hash = createHash("sha256");
  for (const [{ texts }, own] of [
    [training, labels.training],
    [validation, labels.validation],
  ] as const)
    for (const [row, text] of texts.entries()) hash.update(`${JSON.stringify([text, own[row]])}\n`);
  return hash.digest("hex");
}

function sourceOf(share: string, { source }: LabelledTable, seed: number, { group, time }: SplitOptions): string {
  if (time !== undefined) return `the newest ${share} of the rows of ${source} by '${time}'`;
  const how = group === undefined ? "" : `by '${group}' `;
  return `${share} of the rows of ${source}, drawn ${how}with split seed ${seed}`;
}

function allInTest(each: string, table: LabelledTable, test: LabelledTable): UserError {
  return new UserError(
    `${each} of ${table.source} is also in ${test.source}. A test table needs different rows: use another ` +
      `one, or omit ${option("test")}.`,
  );
}

function tooFew(table: LabelledTable, use: string, { group, time }: SplitOptions): UserError {
  if (time !== undefined)
    return new UserError(
      `Divided by '${time}', ${table.source} leaves nothing to ${use}: it has too few different times, or later rows have the ` +
        `texts of earlier ones. Omit ${option("time")}, or add rows.`,
    );
  if (group !== undefined)
    return new UserError(
      `Divided by '${group}', ${table.source} leaves nothing to ${use}: it has too few values, or each has labels or ` +
        `texts of its own. Choose another ${option("group")} column, or omit it.`,
    );
  return new UserError(
    `${table.source} has ${rowsOf(table.texts.length)} with text and label, too few to hold some out to ${use}. ` +
      "Every label needs at least three rows with different texts.",
  );
}
