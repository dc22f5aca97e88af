// Trains the linear model: n-grams, TF-IDF, one SVM a class, calibrated probabilities. Sees training rows only.
import { CancelledError, UserError } from "../../../base/errors.js";
import type { Watch } from "../../../base/progress.js";
import { createRandom, mixSeed } from "../../../base/random.js";
import { calibrate, calibratedLoss, usualCalibration } from "./calibrate.js";
import { type BlockCounts, createBlockCounter } from "./count-ngrams.js";
import type { Calibration, LinearModel } from "./linear-model.js";
import { createNgramScanner } from "./ngram-scanner.js";
import { type LinearOptions, type LinearSettings, linearOptionsSchema } from "./options.js";
import { planReading } from "./plan-reading.js";
import type { SparseRows } from "./sparse-rows.js";
import { marginsOf, trainColumns } from "./train-columns.js";
import { chooseFeatures, weightCounts } from "./vectorizer.js";

export interface LabelledTexts {
  texts: readonly string[];
  /** Class index of each text, in [0, classes). */
  labels: Int32Array;
  classes: number;
}

/** Fewer rows than this are not split for calibration. */
const fewRows = 12;
/** So many held-out rows, and so many a class, are enough for a slope and the offsets. */
const enoughRows = 1500;
const enoughRowsPerClass = 20;
/** For more classes the ratios are noise (few rows each) and their trial costs most. */
const mostClassesWithRatio = 20;

/**
 * Trains the linear model. The same rows, options and seed give the same bits.
 *
 * @param rows texts with class indices; shape (rows)
 * @param options see `linearOptionsSchema`
 * @param watch progress in units of classifiers fitted, and an abort signal
 * @throws UserError when there are no rows or a label is not a class; CancelledError after an abort
 * @example
 * const model = await fitLinear({ texts: ["good", "bad"], labels: Int32Array.of(1, 0), classes: 2 });
 * predictLinear(model, ["good"]); // Float32Array [0.3…, 0.6…]
 */
export async function fitLinear(
  rows: LabelledTexts,
  options: LinearOptions = {},
  watch: Watch = {},
): Promise<LinearModel> {
  const settings = linearOptionsSchema.parse(options);
  checkRows(rows);
  const { classes } = rows;
  const plan = planReading(rows.texts, settings);
  const chosen = plan.rows;
  const labels = chosen ? Int32Array.from(chosen, (row) => rows.labels[row]) : rows.labels;
  const texts = chosen ? Array.from(chosen, (row) => rows.texts[row]) : rows.texts;
  const report = (stage: string, done: number, total: number) => breathe(watch, stage, done, total);

  const scanner = createNgramScanner(plan.range);
  const wordCounter = createBlockCounter(texts.length);
  const characterCounter = createBlockCounter(texts.length);
  for (let row = 0; row < texts.length; row++) {
    if (row % 2000 === 0) await report("reading texts", row, texts.length);
    scanner.scan(texts[row], plan.textLimit);
    wordCounter.add(scanner, 0, scanner.words);
    characterCounter.add(scanner, scanner.words, scanner.count);
  }
  const [words, characters] = [wordCounter.done(), characterCounter.done()];
  const { vectorizer, x } = weigh(words, characters, texts.length, plan.range, settings, classes);

  const { calibration, ratio, done, total } = await crossFit(x, labels, classes, settings, report);
  const all = Int32Array.from({ length: x.rows }, (_, row) => row);
  let fitted = done;
  const columns = await trainColumns(x, labels, all, classes, { ...settings, ratio }, () =>
    report("fitting", ++fitted, total),
  );
  return {
    classes,
    ...columns,
    vectorizer,
    calibration,
    prior: priorOf(rows.labels, classes),
    textLimit: plan.textLimit,
  };
}

function weigh(
  words: BlockCounts,
  characters: BlockCounts,
  rows: number,
  range: LinearModel["vectorizer"]["range"],
  settings: LinearSettings,
  classes: number,
) {
  const { minWordRows, minCharacterRows, maxWeights } = settings;
  const maxFeatures = Math.max(1000, Math.floor(maxWeights / (classes === 2 ? 1 : classes)));
  const { vectorizer, wordFeature, characterFeature } = chooseFeatures(words, characters, rows, range, {
    minWordRows,
    minCharacterRows,
    maxFeatures,
  });
  const blocks = [
    { counts: words, feature: wordFeature },
    { counts: characters, feature: characterFeature },
  ];
  return { vectorizer, x: weightCounts(vectorizer, blocks, rows) };
}

/** Margins of held-out rows, fold by fold: they calibrate the probabilities and choose the ratio. */
async function crossFit(
  x: SparseRows,
  labels: Int32Array,
  classes: number,
  settings: LinearSettings,
  report: (stage: string, done: number, total: number) => Promise<void>,
): Promise<{ calibration: Calibration; ratio: number; done: number; total: number }> {
  const columns = classes === 2 ? 1 : classes;
  const { folds } = settings;
  const isTrial = settings.ratio === "auto" && classes <= mostClassesWithRatio;
  let ratio = settings.ratio === "auto" ? 0 : settings.ratio;
  if (x.rows < fewRows) return { calibration: usualCalibration(classes), ratio, done: 0, total: columns };
  const enough = Math.max(enoughRows, enoughRowsPerClass * classes);
  const used = Math.min(folds, Math.ceil(enough / (x.rows / folds)));
  const total = columns * (used + (isTrial ? 2 : 1));
  let done = 0;
  const foldOf = stratifiedFolds(labels, classes, folds, settings.seed);
  const rowsWhere = (test: (fold: number) => boolean) =>
    Int32Array.from(foldOf.keys()).filter((row) => test(foldOf[row]));
  const heldOut = rowsWhere((fold) => fold < used).sort((a, b) => foldOf[a] - foldOf[b]);
  const truth = Int32Array.from(heldOut, (row) => labels[row]);
  const margins = new Float32Array(heldOut.length * columns);
  const fitFold = async (fold: number, ratio: number) => {
    const inside = rowsWhere((other) => other !== fold);
    const own = { ...settings, ratio, seed: mixSeed(settings.seed, fold) };
    const fitted = await trainColumns(x, labels, inside, classes, own, () => report("calibrating", ++done, total));
    return marginsOf(
      x,
      rowsWhere((other) => other === fold),
      fitted,
    );
  };
  let filled = 0;
  for (let fold = 0; fold < used; fold++) {
    let held = await fitFold(fold, ratio);
    if (isTrial && fold === 0) {
      const other = await fitFold(fold, 0.5);
      const own = truth.subarray(0, held.length / columns);
      const loss = (m: Float32Array) => calibratedLoss(m, own, calibrate(m, own, classes), classes);
      if (loss(other) < loss(held)) {
        ratio = 0.5;
        held = other;
      }
    }
    margins.set(held, filled);
    filled += held.length;
  }
  return { calibration: calibrate(margins, truth, classes), ratio, done, total };
}

/** Fold of each row; the rows of every class are dealt out evenly. */
function stratifiedFolds(labels: Int32Array, classes: number, folds: number, seed: number): Uint8Array {
  const order = createRandom(mixSeed(seed, 0xf01d)).shuffle(Int32Array.from(labels.keys()));
  const next = new Int32Array(classes).map((_, c) => c % folds);
  const foldOf = new Uint8Array(labels.length);
  for (const row of order) foldOf[row] = next[labels[row]]++ % folds;
  return foldOf;
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

/** Lets the event loop run, so that a signal can arrive and progress be drawn. */
async function breathe({ onProgress, signal }: Watch, stage: string, done: number, total: number): Promise<void> {
  onProgress?.({ stage, done, total });
  await new Promise((resolve) => setImmediate(resolve));
  if (signal?.aborted) throw new CancelledError("training of the linear model was cancelled");
}
