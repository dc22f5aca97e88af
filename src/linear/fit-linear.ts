// Trains the linear model: n-grams, TF-IDF, one SVM a class, calibrated probabilities. Sees training rows only.
import { UserError } from "../base/errors.js";
import type { Watch } from "../base/progress.js";
import { breathe } from "./breathe.js";
import { crossFit, heldOutLosses } from "./cross-fit.js";
import type { Calibration, LinearModel } from "./linear-model.js";
import { type LinearOptions, linearOptionsSchema } from "./options.js";
import { readFeatures } from "./read-features.js";
import { type TextVectors, weighed } from "./text-vectors.js";
import { trainColumns } from "./train-columns.js";

export interface LabelledTexts {
  texts: readonly string[];
  /** Class index of each text, in [0, classes). */
  labels: Int32Array;
  classes: number;
  /** Of the texts, to learn from beside their n-grams. */
  vectors?: TextVectors;
}

/**
 * Trains the linear model. The same rows, options and seed give the same bits.
 *
 * @param rows texts with class indices; shape (rows)
 * @param options see `linearOptionsSchema`
 * @param watch progress in units of classifiers fitted, and an abort signal
 * @param calibration of a model of like rows; without it, a part of the rows is held out to find one
 * @throws UserError when there are no rows or a label is not a class; CancelledError after an abort
 * @example
 * const model = await fitLinear({ texts: ["good", "bad"], labels: Int32Array.of(1, 0), classes: 2 });
 * predictLinear(model, ["good"]); // Float32Array [0.3…, 0.6…]
 */
export async function fitLinear(
  rows: LabelledTexts,
  options: LinearOptions = {},
  watch: Watch = {},
  calibration?: Calibration,
): Promise<LinearModel> {
  const settings = linearOptionsSchema.parse(options);
  checkRows(rows);
  const { classes } = rows;
  const read = await readFeatures(rows.texts, settings, columnsOf(classes), watch, rows.vectors);
  const { vectorizer, chosen, textLimit } = read;
  const labels = chosen ? Int32Array.from(chosen, (row) => rows.labels[row]) : rows.labels;
  const report = (stage: string, done: number, total: number) => breathe(watch, stage, done, total);
  const lossesOf = heldOutLosses(labels, classes, settings, report);
  const { x, vectors } = await weighed(read.x, settings.vectorWeight, lossesOf);

  const given = calibration && settings.ratio !== "auto" ? { calibration, ratio: settings.ratio } : undefined;
  const { ratio, duals, done, total, ...found } = given
    ? { ...given, duals: undefined, done: 0, total: columnsOf(classes) }
    : await crossFit(x, labels, classes, settings, report);
  const all = Int32Array.from({ length: x.rows }, (_, row) => row);
  let fitted = done;
  const { columns, weights, bias } = await trainColumns(x, labels, all, classes, { ...settings, ratio, duals }, () =>
    report("fitting", ++fitted, total),
  );
  return {
    classes,
    columns,
    weights,
    bias,
    vectorizer,
    ...(vectors && { vectors }),
    calibration: found.calibration,
    prior: priorOf(rows.labels, classes),
    textLimit,
  };
}

/** Two classes need one classifier. */
function columnsOf(classes: number): number {
  return classes === 2 ? 1 : classes;
}

/** (rows of the class + 1) / (rows + classes). */
function priorOf(labels: Int32Array, classes: number): Float32Array {
  const prior = new Float32Array(classes).fill(1 / (labels.length + classes));
  for (const label of labels) prior[label] += 1 / (labels.length + classes);
  return prior;
}

function checkRows({ texts, labels, classes }: LabelledTexts): void {
  if (texts.length === 0) throw new UserError("the linear model got 0 training rows; it needs at least one");
  if (texts.length !== labels.length) throw new RangeError(`${texts.length} texts but ${labels.length} labels`);
  for (const [row, label] of labels.entries()) {
    if (label < 0 || label >= classes)
      throw new RangeError(`label ${label} of row ${row} is not a class index in [0, ${classes})`);
  }
}
