// Trains a ridge regression on TF-IDF of words and characters. Sees training rows only.
import { UserError } from "../base/errors.js";
import type { Watch } from "../base/progress.js";
import { breathe } from "./breathe.js";
import { choosePenalty } from "./choose-penalty.js";
import { type RidgeOptions, ridgeOptionsSchema } from "./options.js";
import { readFeatures } from "./read-features.js";
import type { RidgeModel } from "./ridge-model.js";
import { ridgeWeights } from "./solve-ridge.js";
import type { SparseRows } from "./sparse-rows.js";
import { type TextVectors, weighed } from "./text-vectors.js";

export interface NumberedTexts {
  texts: readonly string[];
  /** One finite number for each text. */
  targets: ArrayLike<number>;
  /** Of the texts, to learn from beside their n-grams. */
  vectors?: TextVectors;
}

/** How many rows the mean of all counts for, beside the rows without n-grams. */
const meanPrior = 5;

/**
 * Trains a ridge regression on the features of the linear classifier. The penalty is chosen by generalised cross-validation.
 * The same rows, options and seed give the same bits.
 *
 * @param rows texts with numbers, shape (rows)
 * @param options see `ridgeOptionsSchema`
 * @param watch progress, and an abort signal
 * @throws UserError when there are no rows; RangeError when a number is not finite; CancelledError after an abort
 * @example
 * const model = await fitRidge({ texts: ["good", "bad"], targets: [5, 1] });
 * predictRidge(model, ["good"]); // Float64Array [3.5…]
 */
export async function fitRidge(
  rows: NumberedTexts,
  options: RidgeOptions = {},
  watch: Watch = {},
): Promise<RidgeModel> {
  const { seed, penalties, tolerance, vectorWeight, ...settings } = ridgeOptionsSchema.parse(options);
  checkRows(rows);
  const read = await readFeatures(rows.texts, { seed, vectorWeight, ...settings }, 1, watch, rows.vectors);
  const { vectorizer, chosen, textLimit } = read;
  const numbers = Float64Array.from(chosen ?? rows.texts.keys(), (row) => rows.targets[row]);
  const { mean, scale, least, most } = spreadOf(numbers);
  // In units of their spread, so that no square is too large or too small.
  const scaled = numbers.map((number) => (number - mean) / scale);
  // A row without n-grams says nothing about those that have some.
  const all = Int32Array.from(numbers.keys());
  const { start } = read.x;
  const known = all.filter((row) => start[row + 1] > start[row]);
  const unknown = all.filter((row) => start[row + 1] === start[row]);
  const unknownSum = unknown.reduce((sum, row) => sum + scaled[row], 0);
  const y = Float64Array.from(known, (row) => scaled[row]);
  const problemOf = (x: SparseRows) => ({ x, rows: known, penalties, tolerance });
  const choose = (x: SparseRows) => choosePenalty(problemOf(x), y, seed, () => breathe(watch, "fitting", 0, 1));
  const { x, vectors } = await weighed(read.x, vectorWeight, async (one) => (await choose(one)).squares);
  const problem = problemOf(x);
  const { penalty, dual } = await choose(x);
  const { weights, bias } = ridgeWeights(problem, y, dual);
  await breathe(watch, "fitting", 1, 1);
  return {
    vectorizer,
    ...(vectors && { vectors }),
    weights: Float32Array.from(weights),
    bias,
    unknown: unknownSum / (unknown.length + meanPrior),
    mean,
    scale,
    least,
    most,
    penalty,
    textLimit,
  };
}

function spreadOf(numbers: Float64Array) {
  let [mean, least, most] = [0, numbers[0], numbers[0]];
  for (const number of numbers) {
    // A sum of large numbers could overflow.
    mean += number / numbers.length;
    least = Math.min(least, number);
    most = Math.max(most, number);
  }
  const spread = Math.max(most - mean, mean - least);
  return { mean, scale: spread > 0 && Number.isFinite(spread) ? spread : 1, least, most };
}

function checkRows({ texts, targets }: NumberedTexts): void {
  if (texts.length === 0) throw new UserError("the ridge regression got 0 training rows; it needs at least one");
  if (texts.length !== targets.length) throw new RangeError(`${texts.length} texts but ${targets.length} numbers`);
  for (let row = 0; row < targets.length; row++)
    if (!Number.isFinite(targets[row])) throw new RangeError(`the number ${targets[row]} of row ${row} is not finite`);
}
