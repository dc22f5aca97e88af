// Fits on a part of the rows and looks at the rest, to calibrate the probabilities and to choose the feature scales.
// Knows no texts, and no rows but the training rows.
import { createRandom, mixSeed } from "../base/random.js";
import { calibrate, calibratedLoss, calibratedLosses, usualCalibration } from "./calibrate.js";
import type { Calibration } from "./linear-model.js";
import type { LinearSettings } from "./options.js";
import type { SparseRows } from "./sparse-rows.js";
import { marginsOf, trainColumns } from "./train-columns.js";

/** Fewer rows than this are not split for calibration. */
const fewRows = 12;
/** So many held-out rows, and so many a class, are enough for a slope and the offsets. */
const enoughRows = 1500;
const enoughRowsPerClass = 20;
/** Offsets of more classes have hardly a row each and are pulled to 0: so many rows are enough for the slope. */
const mostClassesWithOffsets = 200;
const enoughRowsForSlope = 500;
/** For more classes the ratios are noise (few rows each) and their trial costs most. */
const mostClassesWithRatio = 20;
const trialRatio = 0.5;

export interface CrossFit {
  calibration: Calibration;
  /** The weight of the log-count ratios that was given or chosen. */
  ratio: number;
  /** Dual variables of the first fit, to start the last one from. */
  duals?: Float32Array[];
  /** Classifiers fitted so far, and of how many with the last fit. */
  done: number;
  total: number;
}

/** Margins of held-out rows, fold by fold, until there are enough of them. */
export async function crossFit(
  x: SparseRows,
  labels: Int32Array,
  classes: number,
  settings: LinearSettings,
  report: (stage: string, done: number, total: number) => Promise<void>,
): Promise<CrossFit> {
  const columns = classes === 2 ? 1 : classes;
  const { folds } = settings;
  const isTrial = settings.ratio === "auto" && classes <= mostClassesWithRatio;
  let ratio = settings.ratio === "auto" ? 0 : settings.ratio;
  if (x.rows < fewRows) return { calibration: usualCalibration(classes), ratio, done: 0, total: columns };
  const enough =
    classes > mostClassesWithOffsets ? enoughRowsForSlope : Math.max(enoughRows, enoughRowsPerClass * classes);
  const used = Math.min(folds, Math.ceil(enough / (x.rows / folds)));
  const total = columns * (used + (isTrial ? 2 : 1));
  let done = 0;
  const foldOf = stratifiedFolds(labels, classes, folds, settings.seed);
  const rowsWhere = (test: (fold: number) => boolean) =>
    Int32Array.from(foldOf.keys()).filter((row) => test(foldOf[row]));
  const fitFold = async (fold: number, ratio: number) => {
    const outside = rowsWhere((other) => other === fold);
    const own = { ...settings, ratio, seed: mixSeed(settings.seed, fold) };
    const inside = rowsWhere((other) => other !== fold);
    const fitted = await trainColumns(x, labels, inside, classes, own, () => report("calibrating", ++done, total));
    return { outside, margins: marginsOf(x, outside, fitted), duals: fitted.duals };
  };

  const truth: number[] = [];
  const margins = new Float32Array(rowsWhere((fold) => fold < used).length * columns);
  let duals: Float32Array[] | undefined;
  for (let fold = 0; fold < used; fold++) {
    let held = await fitFold(fold, ratio);
    if (isTrial && fold === 0) {
      const other = await fitFold(fold, trialRatio);
      const own = Int32Array.from(held.outside, (row) => labels[row]);
      const loss = (m: Float32Array) => calibratedLoss(m, own, calibrate(m, own, classes), classes);
      if (loss(other.margins) < loss(held.margins)) {
        ratio = trialRatio;
        held = other;
      }
    }
    duals ??= held.duals;
    margins.set(held.margins, truth.length * columns);
    for (const row of held.outside) truth.push(labels[row]);
  }
  return { calibration: calibrate(margins, Int32Array.from(truth), classes), ratio, duals, done, total };
}

/** Up to so many rows every one is held out in turn; of more, a fold is enough to compare two weights. */
const fewToCompare = 1500;

/**
 * −ln p of each of some rows that are held out, by a calibration on the same rows: for comparing features of the same rows. Later
 * calls start from what earlier ones came to.
 */
export function heldOutLosses(
  labels: Int32Array,
  classes: number,
  settings: LinearSettings,
  report: (stage: string, done: number, total: number) => Promise<void>,
): (x: SparseRows) => Promise<Float64Array> {
  const columns = classes === 2 ? 1 : classes;
  const duals: Float32Array[][] = [];
  return async (x) => {
    if (x.rows < fewRows) return new Float64Array(0);
    const folds = x.rows > fewToCompare ? 1 : settings.folds;
    const foldOf = stratifiedFolds(labels, classes, settings.folds, settings.seed);
    const all = Int32Array.from(foldOf.keys());
    const held = all.filter((row) => foldOf[row] < folds).sort((a, b) => foldOf[a] - foldOf[b]);
    const margins = new Float32Array(held.length * columns);
    for (let [fold, at, done] = [0, 0, 0]; fold < folds; fold++) {
      const own = { ...settings, ratio: 0, seed: mixSeed(settings.seed, fold), duals: duals[fold] };
      const inside = all.filter((row) => foldOf[row] !== fold);
      const fitted = await trainColumns(x, labels, inside, classes, own, () =>
        report("weighing vectors", ++done, columns * folds),
      );
      duals[fold] = fitted.duals;
      const outside = held.filter((row) => foldOf[row] === fold);
      margins.set(marginsOf(x, outside, fitted), at);
      at += outside.length * columns;
    }
    const truth = Int32Array.from(held, (row) => labels[row]);
    return calibratedLosses(margins, truth, calibrate(margins, truth, classes), classes);
  };
}

/** Fold of each row; the rows of every class are dealt out evenly. */
function stratifiedFolds(labels: Int32Array, classes: number, folds: number, seed: number): Uint8Array {
  const order = createRandom(mixSeed(seed, 0xf01d)).shuffle(Int32Array.from(labels.keys()));
  const next = new Int32Array(classes).map((_, c) => c % folds);
  const foldOf = new Uint8Array(labels.length);
  for (const row of order) foldOf[row] = next[labels[row]]++ % folds;
  return foldOf;
}
