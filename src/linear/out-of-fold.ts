// Calibrated probabilities of every row under models that did not learn from it.
import type { Watch } from "../base/progress.js";
import { createRandom, mixSeed } from "../base/random.js";
import { breathe } from "./breathe.js";
import { calibrate, calibratedLoss, softmaxRow } from "./calibrate.js";
import type { LabelledTexts } from "./fit-linear.js";
import { type LinearOptions, type LinearSettings, linearOptionsSchema } from "./options.js";
import { readFeatures } from "./read-features.js";
import type { SparseRows } from "./sparse-rows.js";
import { marginsOf, trainColumns } from "./train-columns.js";

export interface OutOfFold {
  /** Row-major (rows, classes); each row sums to 1. */
  probabilities: Float32Array;
  /** The texts that these are of, ascending; undefined for all: of very long tables a part is read. */
  rows?: Int32Array;
}

const trialRatio = 0.5;
/** As in the model that is trained. */
const mostClassesWithRatio = 20;

/**
 * Each of `folds` parts is answered by a model of the others; one calibration for all. Features are of all rows, labels are not.
 *
 * @param groups rows with the same number stay in one part, shape (texts)
 * @throws CancelledError after an abort
 * @example
 * const { probabilities } = await outOfFold({ texts, labels, classes: 2 }, Int32Array.from(texts.keys()));
 */
export async function outOfFold(
  rows: LabelledTexts,
  groups: ArrayLike<number>,
  options: LinearOptions = {},
  watch: Watch = {},
): Promise<OutOfFold> {
  const settings = linearOptionsSchema.parse(options);
  const { classes } = rows;
  const columns = classes === 2 ? 1 : classes;
  const { x, chosen } = await readFeatures(rows.texts, settings, columns, watch);
  const labels = chosen ? Int32Array.from(chosen, (row) => rows.labels[row]) : rows.labels;
  const foldOf = groupedFolds(labels, chosen ? Array.from(chosen, (row) => groups[row]) : groups, classes, settings);
  const margins = await heldOutMargins(x, labels, foldOf, classes, settings, watch);
  const calibration = calibrate(margins, labels, classes);
  const probabilities = new Float32Array(labels.length * classes);
  for (let row = 0; row < labels.length; row++)
    softmaxRow(margins, row * columns, calibration, probabilities, row * classes, classes);
  return { probabilities, rows: chosen };
}

/** Row-major margins of all rows, (rows, columns). */
async function heldOutMargins(
  x: SparseRows,
  labels: Int32Array,
  foldOf: Uint8Array,
  classes: number,
  settings: LinearSettings,
  watch: Watch,
): Promise<Float32Array> {
  const { folds, seed } = settings;
  const columns = classes === 2 ? 1 : classes;
  const all = Int32Array.from(foldOf.keys());
  const margins = new Float32Array(labels.length * columns);
  const isTrial = settings.ratio === "auto" && classes <= mostClassesWithRatio;
  let ratio = settings.ratio === "auto" ? 0 : settings.ratio;
  const total = columns * (folds + (isTrial ? 1 : 0));
  let done = 0;
  const fit = async (fold: number, ratio: number) => {
    const inside = all.filter((row) => foldOf[row] !== fold);
    const own = { ...settings, ratio, seed: mixSeed(seed, fold) };
    const fitted = await trainColumns(x, labels, inside, classes, own, () =>
      breathe(watch, "fitting folds", ++done, total),
    );
    return marginsOf(x, outside(fold), fitted);
  };
  const outside = (fold: number) => all.filter((row) => foldOf[row] === fold);
  for (let fold = 0; fold < folds; fold++) {
    const held = outside(fold);
    if (held.length === 0) continue;
    let found = await fit(fold, ratio);
    if (isTrial && fold === 0) {
      const other = await fit(fold, trialRatio);
      const own = Int32Array.from(held, (row) => labels[row]);
      const loss = (m: Float32Array) => calibratedLoss(m, own, calibrate(m, own, classes), classes);
      if (loss(other) < loss(found)) [found, ratio] = [other, trialRatio];
    }
    for (let i = 0; i < held.length; i++)
      margins.set(found.subarray(i * columns, (i + 1) * columns), held[i] * columns);
  }
  return margins;
}

/** Fold of each row: groups of every class, that of their first row, are dealt out evenly. */
function groupedFolds(
  labels: Int32Array,
  groups: ArrayLike<number>,
  classes: number,
  { folds, seed }: LinearSettings,
): Uint8Array {
  const members = new Map<number, number[]>();
  for (let row = 0; row < labels.length; row++) {
    const own = members.get(groups[row]);
    if (own) own.push(row);
    else members.set(groups[row], [row]);
  }
  const next = new Int32Array(classes).map((_, c) => c % folds);
  const foldOf = new Uint8Array(labels.length);
  for (const rows of createRandom(mixSeed(seed, 0xf01d)).shuffle([...members.values()])) {
    const fold = next[labels[rows[0]]]++ % folds;
    for (const row of rows) foldOf[row] = fold;
  }
  return foldOf;
}
