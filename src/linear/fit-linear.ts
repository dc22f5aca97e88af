// Trains the linear model: n-grams, TF-IDF, one SVM a class, calibrated probabilities. Sees training rows only.
import { CancelledError, UserError } from "../base/errors.js";
import type { Watch } from "../base/progress.js";
import { type BlockCounts, createBlockCounter } from "./count-ngrams.js";
import { crossFit } from "./cross-fit.js";
import type { Calibration, LinearModel } from "./linear-model.js";
import { createNgramScanner } from "./ngram-scanner.js";
import { type LinearOptions, type LinearSettings, linearOptionsSchema } from "./options.js";
import { planReading } from "./plan-reading.js";
import { trainColumns } from "./train-columns.js";
import { chooseFeatures, weightCounts } from "./vectorizer.js";

export interface LabelledTexts {
  texts: readonly string[];
  /** Class index of each text, in [0, classes). */
  labels: Int32Array;
  classes: number;
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

  const given = calibration && settings.ratio !== "auto" ? { calibration, ratio: settings.ratio } : undefined;
  const { ratio, duals, done, total, ...found } = given
    ? { ...given, duals: undefined, done: 0, total: classes === 2 ? 1 : classes }
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
    calibration: found.calibration,
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
  if (signal?.aborted) throw new CancelledError("Stopped before the linear model was trained.");
}
