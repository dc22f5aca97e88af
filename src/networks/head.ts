// What stands on a network's body: how its last numbers become answers, and what they are learned by. Every task brings its
// own; bodies, training, export and scoring know no task.
import { add, mul, sigmoid, softmax, type Tensor } from "../graph/index.js";
import type { LossName } from "../nn/index.js";
import type { Targets } from "./targets.js";

/** How the numbers of the last layer become answers. */
export interface AnswerForm {
  /** What model.onnx calls the answers. */
  output: "probabilities" | "values";
  activation: "softmax" | "sigmoid" | "linear";
  /** Amounts are learned as (amount − mean) / deviation. */
  amounts?: { mean: number; deviation: number };
}

export interface Head extends AnswerForm {
  /** Numbers that the last layer gives for a text. */
  width: number;
  /** Of the activation's result against the targets. */
  loss: LossName;
  /** (width): what the last layer's bias starts from, the logits for a text that says nothing. Default zeros. */
  start?: Float32Array;
  /** Weight of a row in training. Default 1. */
  weightOf?(targets: Targets, row: number): number;
  /** What tells the best epoch, beside the loss. */
  figure: HeadFigure;
  /** What tells it instead, where someone chose a figure that is no mean over rows. */
  overall?: OverallFigure;
}

/** A figure of all validation rows together. */
export interface OverallFigure extends Pick<HeadFigure, "name" | "higherIsBetter" | "isShare"> {
  /** @param answers for all validation rows, (rows, width) */
  of(answers: Float32Array): number;
}

export interface HeadFigure {
  /** As in "validation accuracy". */
  name: string;
  higherIsBetter: boolean;
  /** Shown in percent. */
  isShare: boolean;
  /**
   * Mean over `rows` of the targets.
   *
   * @param answers (rows, width), in the order of `rows`
   */
  of(targets: Targets, rows: ArrayLike<number>, answers: Float32Array): number;
}

/** What tells the best epoch. */
export function monitorOf({ overall, figure }: Head): Pick<HeadFigure, "name" | "higherIsBetter" | "isShare"> {
  return overall ?? figure;
}

/** Logits (rows, width) to what the loss compares with the targets. */
export function activated({ activation }: AnswerForm, logits: Tensor): Tensor {
  if (activation === "softmax") return softmax(logits);
  return activation === "sigmoid" ? sigmoid(logits) : logits;
}

/** Logits (rows, width) to answers. */
export function answersOf(form: AnswerForm, logits: Tensor): Tensor {
  const y = activated(form, logits);
  return form.amounts ? add(mul(y, form.amounts.deviation), form.amounts.mean) : y;
}

/** What the loss is fed for some rows of the targets; behind them, up to `size` rows, is padding. */
export function targetFeed(
  { amounts, loss }: Head,
  { width, values }: Targets,
  rows: ArrayLike<number>,
  size: number,
): Int32Array | Float32Array {
  const isClass = loss === "sparseCategoricalCrossentropy";
  const feed = isClass ? new Int32Array(size * width) : new Float32Array(size * width);
  const { mean, deviation } = amounts ?? { mean: 0, deviation: 1 };
  for (let i = 0; i < rows.length; i++)
    for (let c = 0; c < width; c++) feed[i * width + c] = (values[rows[i] * width + c] - mean) / deviation;
  return feed;
}
