// What is explained: one number of a model's answers, on a scale on which parts can be added.
import { add, logSoftmax, mul, reduceSum, softmax, sub, type Tensor } from "../graph/index.js";
import type { AnswerForm } from "../networks/index.js";

/** A number of the answer, or its lead on another one. */
export interface Target {
  of: number;
  against?: number;
}

/** Below it a probability of 32 bits says nothing more. */
const least = 1e-30;
const logOf = (probability: number) => Math.log(Math.max(least, probability));

/**
 * Of a label its log-odds ln(p / (1 − p)), of a label against another the difference of their logits (of a softmax ln(p / q)), of
 * a number the number.
 *
 * @param answer (width)
 */
export function scoreOf({ activation }: AnswerForm, answer: ArrayLike<number>, { of, against }: Target): number {
  if (activation === "linear") return answer[of];
  // What a p of 32 bits can lack to 1 at least.
  const odds = (label: number) => logOf(answer[label]) - Math.log(Math.max(2 ** -25, 1 - answer[label]));
  if (activation === "sigmoid") return odds(of) - (against === undefined ? 0 : odds(against));
  if (against !== undefined) return logOf(answer[of]) - logOf(answer[against]);
  let others = 0;
  // 1 − p of a p near 1 would be rounding.
  for (let i = 0; i < answer.length; i++) if (i !== of) others += answer[i];
  return logOf(answer[of]) - logOf(others);
}

/** Far below every logit. */
const hidden = 1e4;

/**
 * The same of logits (batch, width), as a graph: (batch).
 *
 * @param direction (batch, width): 1 at the label, −1 at the one that it is compared with
 */
export function scoreTensor({ activation, amounts }: AnswerForm, logits: Tensor, direction: Tensor, isOdds: boolean) {
  const own = reduceSum(mul(logits, direction), [1], { keepDims: false });
  if (activation === "linear") return amounts ? add(mul(own, amounts.deviation), amounts.mean) : own;
  if (activation !== "softmax" || !isOdds) return own;
  // z − ln softmax(z) is ln Σ exp z of the others at each of them: the mean by softmax is it, and has its gradient.
  const others = sub(logits, mul(direction, hidden));
  const total = mul(softmax(others), sub(others, logSoftmax(others)));
  return sub(own, reduceSum(total, [1], { keepDims: false }));
}
