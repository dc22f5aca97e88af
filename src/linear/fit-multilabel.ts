// Trains a linear model of sets of labels: one SVM a label, calibrated probabilities. Sees training rows only.
import { UserError } from "../base/errors.js";
import type { Watch } from "../base/progress.js";
import { createRandom, mixSeed } from "../base/random.js";
import { breathe } from "./breathe.js";
import { fitSigmoid, sigmoid } from "./fit-sigmoid.js";
import type { LabelCalibration, MultilabelModel } from "./multilabel-model.js";
import { type MultilabelOptions, type MultilabelSettings, multilabelOptionsSchema } from "./options.js";
import { readFeatures } from "./read-features.js";
import type { SparseRows } from "./sparse-rows.js";
import { type TextVectors, weighed } from "./text-vectors.js";
import { marginsOf } from "./train-columns.js";
import { trainLabels } from "./train-labels.js";

export interface MultilabelTexts {
  texts: readonly string[];
  /** The label indices of each text, in [0, labels); none for a text without a label. */
  labelsOf: readonly ArrayLike<number>[];
  labels: number;
  /** Of the texts, to learn from beside their n-grams. */
  vectors?: TextVectors;
}

/** So many held-out rows are enough to calibrate. */
const enoughRows = 3000;
/** Fewer rows than this are not split: slopes and offsets are then the usual ones. */
const fewRows = 12;

/**
 * Trains a linear model of sets of labels on the features of the linear classifier. The same rows, options and seed give the
 * same bits. Which probability is enough for a label is not decided here: see `fitThresholds`.
 *
 * @param rows texts with label indices, shape (rows)
 * @param options see `multilabelOptionsSchema`
 * @param watch progress in units of classifiers fitted, and an abort signal
 * @throws UserError when there are no rows; RangeError when a label is not an index; CancelledError after an abort
 * @example
 * const rows = { texts: ["cheap and good", "good", "late"], labelsOf: [[0, 1], [1], []], labels: 2 };
 * predictMultilabel(await fitMultilabel(rows), ["good"]); // Float32Array [0.4…, 0.7…]
 */
export async function fitMultilabel(
  rows: MultilabelTexts,
  options: MultilabelOptions = {},
  watch: Watch = {},
): Promise<MultilabelModel> {
  const settings = multilabelOptionsSchema.parse(options);
  checkRows(rows);
  const { labels } = rows;
  const read = await readFeatures(rows.texts, settings, labels, watch, rows.vectors);
  const { vectorizer, chosen, textLimit } = read;
  const labelsOf = chosen ? Array.from(chosen, (row) => rows.labelsOf[row]) : rows.labelsOf;
  const labelled = rowsOf(labelsOf, labels);
  const folds = foldsOf(read.x.rows, settings);
  const lossesOf = heldOutLosses(labelled, folds, settings, watch);
  const { x, vectors } = await weighed(read.x, settings.vectorWeight, lossesOf);
  const total = labels * (folds.length + 1);
  let done = 0;
  const held = await holdOut(x, labelled, folds, settings, () => breathe(watch, "calibrating", ++done, total));
  const all = Int32Array.from({ length: x.rows }, (_, row) => row);
  const { weights, bias } = await trainLabels(x, labelled, all, { ...settings, duals: held.duals }, () =>
    breathe(watch, "fitting", ++done, total),
  );
  const calibration = calibrate(held.rows, held.margins, labelled);
  const prior = priorOf(rows);
  return { labels, vectorizer, ...(vectors && { vectors }), weights, bias, calibration, prior, textLimit };
}

/** Up to so many rows every one is held out in turn; of more, a fold is enough to compare two weights. */
const fewToCompare = 1500;

/** Log loss of all labels of each of some rows that are held out, by a calibration on the same rows: for comparing features. */
function heldOutLosses(
  labelled: readonly Int32Array[],
  folds: readonly Int32Array[],
  settings: MultilabelSettings,
  watch: Watch,
): (x: SparseRows) => Promise<Float64Array> {
  return async (x) => {
    const some = x.rows > fewToCompare ? folds.slice(0, 1) : folds;
    let done = 0;
    const { rows, margins } = await holdOut(x, labelled, some, settings, () =>
      breathe(watch, "weighing vectors", ++done, labelled.length * some.length),
    );
    const { slope, offset } = calibrate(rows, margins, labelled);
    const losses = new Float64Array(rows.length);
    for (const [label, own] of labelled.entries()) {
      const has = new Set(own);
      for (const [i, row] of rows.entries()) {
        const logit = slope[label] * margins[i * labelled.length + label] + offset[label];
        losses[i] -= Math.log(Math.max(1e-7, sigmoid(has.has(row) ? logit : -logit)));
      }
    }
    return losses;
  };
}

interface HeldOut {
  /** Those that were held out, and their row-major margins (rows, labels). */
  rows: Int32Array;
  margins: Float32Array;
  /** Dual variables of the first fit, to start the last one from. */
  duals?: Float32Array[];
}

/** The rows to hold out in turn, until there are enough of them. */
function foldsOf(rows: number, { folds, seed }: MultilabelSettings): Int32Array[] {
  if (rows < fewRows) return [];
  const order = createRandom(mixSeed(seed, 0xf01d)).shuffle(Int32Array.from({ length: rows }, (_, row) => row));
  const used = Math.min(folds, Math.ceil(enoughRows / (rows / folds)));
  return Array.from({ length: used }, (_, fold) => order.filter((_, i) => i % folds === fold).sort());
}

async function holdOut(
  x: SparseRows,
  labelled: readonly Int32Array[],
  folds: readonly Int32Array[],
  settings: MultilabelSettings,
  onLabel: () => Promise<void>,
): Promise<HeldOut> {
  const rows = Int32Array.from(folds.flatMap((fold) => [...fold]));
  const margins = new Float32Array(rows.length * labelled.length);
  let duals: Float32Array[] | undefined;
  let at = 0;
  for (const [fold, outside] of folds.entries()) {
    const isOutside = new Uint8Array(x.rows);
    for (const row of outside) isOutside[row] = 1;
    const inside = Int32Array.from({ length: x.rows }, (_, row) => row).filter((row) => isOutside[row] === 0);
    const own = { ...settings, seed: mixSeed(settings.seed, fold), duals };
    const fitted = await trainLabels(x, labelled, inside, own, onLabel);
    margins.set(marginsOf(x, outside, fitted), at);
    at += outside.length * labelled.length;
    duals ??= fitted.duals;
  }
  return { rows, margins, duals };
}

function calibrate(rows: Int32Array, margins: Float32Array, labelled: readonly Int32Array[]): LabelCalibration {
  const labels = labelled.length;
  const [slope, offset] = [new Float32Array(labels), new Float32Array(labels)];
  for (const [label, own] of labelled.entries()) {
    const has = new Set(own);
    const column = Float64Array.from(rows, (_, i) => margins[i * labels + label]);
    const fitted = fitSigmoid(
      column,
      Uint8Array.from(rows, (row) => (has.has(row) ? 1 : 0)),
    );
    slope[label] = fitted.slope;
    offset[label] = fitted.offset;
  }
  return { slope, offset };
}

/** The rows with each label, ascending. */
function rowsOf(labelsOf: readonly ArrayLike<number>[], labels: number): Int32Array[] {
  const found: number[][] = Array.from({ length: labels }, () => []);
  for (const [row, own] of labelsOf.entries()) for (const label of new Set(Array.from(own))) found[label].push(row);
  return found.map((rows) => Int32Array.from(rows));
}

/** (rows with the label + 1) / (rows + 2). */
function priorOf({ labelsOf, labels }: MultilabelTexts): Float32Array {
  return Float32Array.from(rowsOf(labelsOf, labels), (rows) => (rows.length + 1) / (labelsOf.length + 2));
}

function checkRows({ texts, labelsOf, labels }: MultilabelTexts): void {
  if (texts.length === 0) throw new UserError("the linear model got 0 training rows; it needs at least one");
  if (texts.length !== labelsOf.length)
    throw new RangeError(`${texts.length} texts but ${labelsOf.length} lists of labels`);
  for (const [row, own] of labelsOf.entries())
    for (const label of Array.from(own))
      if (!Number.isInteger(label) || label < 0 || label >= labels)
        throw new RangeError(`label ${label} of row ${row} is not an index in [0, ${labels})`);
}
