// Options that choose thresholds, of training and of evaluating.
import { z } from "zod";
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { createRandom, mixSeed } from "../base/random.js";
import { type DecisionFigures, type DecisionRequest, parseCost } from "../tasks/decisions.js";
import type { LabelValue, Task } from "../tasks/index.js";

const shareOption = z.number().gt(0).lte(1).optional();
const expects = "a share above 0, at most 1, such as 0.95";

export const decisionOptions = {
  cost: z.string().min(1).optional().meta({
    description: "choose the threshold by what errors cost, such as fp=1,fn=10",
    value: "costs",
    expects: "costs such as fp=1,fn=10",
  }),
  minPrecision: shareOption.meta({
    description: "choose the threshold for at least this precision",
    value: "share",
    expects,
  }),
  minRecall: shareOption.meta({
    description: "choose the threshold for at least this recall",
    value: "share",
    expects,
  }),
  abstain: shareOption.meta({
    description: "answer only where sure: choose the threshold from which this share of the answers is right",
    value: "share",
    expects,
  }),
  positive: z.string().min(1).optional().meta({
    description: "label whose threshold it is (default: the rarer one of two)",
    value: "label",
    expects: "a label",
  }),
};

export interface Decision {
  request: DecisionRequest;
  label?: string;
}

/** @throws UserError for several wants at once, or a label without one */
export function decisionOf(settings: {
  cost?: string;
  minPrecision?: number;
  minRecall?: number;
  abstain?: number;
  positive?: string;
}): Decision | undefined {
  const { cost, minPrecision, minRecall, abstain, positive } = settings;
  const requests = [
    cost !== undefined && { by: "cost" as const, ...parseCost(cost) },
    minPrecision !== undefined && { by: "precision" as const, wanted: minPrecision },
    minRecall !== undefined && { by: "recall" as const, wanted: minRecall },
    abstain !== undefined && { by: "accuracy" as const, wanted: abstain },
  ].filter((one) => one !== false);
  const all = ["cost", "minPrecision", "minRecall", "abstain"].map(option);
  if (requests.length > 1)
    throw new UserError(
      `A threshold is chosen for one thing: use one of ${all.slice(0, -1).join(", ")} and ${all[3]}.`,
    );
  if (requests.length === 1) return { request: requests[0], label: positive };
  if (positive === undefined) return undefined;
  throw new UserError(
    `${option("positive")} needs what the label's threshold is chosen for: ${all.slice(0, -1).join(", ")}.`,
  );
}

/** @throws UserError for what cannot be wanted of such answers */
export function checkDecision(task: Task, space: unknown, { request, label }: Decision): void {
  if (!task.decisions)
    throw new UserError(
      `${task.noun[0].toUpperCase()}${task.noun.slice(1)} has no thresholds: its answers are no probabilities.`,
    );
  task.decisions.check(space, request, label);
}

const folds = 5;
/** Fewer rows are not divided. */
const fewestRows = 50;

/**
 * Thresholds from labelled rows, and what they come to on these. For every fifth of the rows they are chosen on the others, so that the
 * figures are those of new rows.
 */
export function decideOn(
  task: Task,
  labels: readonly LabelValue[],
  answers: Float32Array,
  space: unknown,
  { request, label }: Decision,
  seed: number,
): { space: unknown; figures: DecisionFigures | undefined } {
  const decisions = task.decisions!;
  const width = task.widthOf(space);
  const choose = (rows: readonly number[], own?: string) => {
    const part = new Float32Array(rows.length * width);
    for (const [i, row] of rows.entries()) part.set(answers.subarray(row * width, (row + 1) * width), i * width);
    const truth = task.targets(
      rows.map((row) => labels[row]),
      space,
    );
    return decisions.choose(space, part, truth, request, own);
  };
  const all = [...labels.keys()];
  const chosen = choose(all, label);
  if (labels.length < fewestRows) return { space: chosen, figures: decisions.measure(labels, answers, chosen) };
  const order = createRandom(mixSeed(seed, 0xdec1)).shuffle(Int32Array.from(all));
  const of = new Int32Array(labels.length);
  for (const [place, row] of order.entries()) of[row] = place % folds;
  // The label that was found on all rows is that of all folds.
  const found = (chosen as { decision?: { label?: string } }).decision?.label ?? label;
  const spaces = Array.from({ length: folds }, (_, fold) =>
    choose(
      all.filter((row) => of[row] !== fold),
      found,
    ),
  );
  return { space: chosen, figures: decisions.measure(labels, answers, chosen, { of, spaces }) };
}
