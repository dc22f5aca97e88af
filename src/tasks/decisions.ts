// What a user wants of answers: which errors are dear, how precise or complete a label must be, how sure an answer. One table
// of words, which tasks turn into thresholds.
import { z } from "zod";
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import type { Cut } from "../metrics/index.js";
import type { Targets } from "../networks/index.js";
import type { LabelValue } from "./read-labelled.js";

const share = z.number().min(0).max(1);

export const decisionRequestSchema = z.discriminatedUnion("by", [
  /** Costs of a label that is answered wrongly, and of one that is missed. */
  z.object({ by: z.literal("cost"), falsePositive: z.number().min(0), falseNegative: z.number().min(0) }),
  z.object({ by: z.literal("precision"), wanted: share }),
  z.object({ by: z.literal("recall"), wanted: share }),
  /** The rows that are too unsure get no answer; of the others this share is to be right. */
  z.object({ by: z.literal("accuracy"), wanted: share }),
]);
/** How a threshold is chosen. */
export type DecisionRequest = z.infer<typeof decisionRequestSchema>;

export interface DecisionFigures {
  sentence: string;
  scores: Record<string, unknown>;
}

/** What of a task can be decided by thresholds. */
export interface Decisions<Space> {
  /**
   * @param label whose threshold is meant, where it is not that of all
   * @throws UserError for what cannot be wanted of these answers
   */
  check(space: Space, request: DecisionRequest, label: string | undefined): void;
  /** The space with thresholds from rows that the model did not learn from. @param answers (rows, width) */
  choose(
    space: Space,
    answers: Float32Array,
    truth: Targets,
    request: DecisionRequest,
    label: string | undefined,
  ): Space;
  /**
   * What was chosen comes to on these rows, in words and as data; nothing where nothing was chosen.
   *
   * @param parts for figures that are not those of the rows that the thresholds come from: of each row the place of its space
   */
  measure(
    labels: readonly LabelValue[],
    answers: Float32Array,
    space: Space,
    parts?: { of: Int32Array; spaces: readonly Space[] },
  ): DecisionFigures | undefined;
  /** The space whose answers are decided by what was chosen, or by one threshold for all. @throws UserError where nothing was chosen */
  apply(space: Space, threshold: number | "chosen"): Space;
  /** The space without what was chosen, for answers of another model. */
  forget(space: Space): Space;
}

/** How much a cut is worth; cuts that reach what is wanted come before all others. */
export function worthOf(request: DecisionRequest): (cut: Cut) => number {
  switch (request.by) {
    case "cost":
      return ({ taken, hits, own }) => -(request.falsePositive * (taken - hits) + request.falseNegative * (own - hits));
    case "precision":
      return ({ taken, hits, own }) => reached(hits / taken, request.wanted, own === 0 ? 0 : hits / own);
    case "accuracy":
      return ({ taken, hits, rows }) => reached(hits / taken, request.wanted, taken / rows);
    case "recall":
      return ({ taken, hits, own }) =>
        reached(own === 0 ? 1 : hits / own, request.wanted, taken === 0 ? 0 : hits / taken);
  }
}

/** Beyond what is wanted, the other figure counts; short of it, how near it comes. NaN for a cut that takes nothing. */
function reached(figure: number, wanted: number, other: number): number {
  return figure >= wanted ? 1 + other : figure;
}

/** "fp=1,fn=10" */
export function parseCost(text: string): Pick<DecisionRequest & { by: "cost" }, "falsePositive" | "falseNegative"> {
  const [, fp, fn] = /^\s*fp\s*=\s*(\d+\.?\d*|\.\d+)\s*[,;]\s*fn\s*=\s*(\d+\.?\d*|\.\d+)\s*$/i.exec(text) ?? [];
  const [, fnFirst, fpLast] =
    /^\s*fn\s*=\s*(\d+\.?\d*|\.\d+)\s*[,;]\s*fp\s*=\s*(\d+\.?\d*|\.\d+)\s*$/i.exec(text) ?? [];
  const [falsePositive, falseNegative] = [Number(fp ?? fpLast), Number(fn ?? fnFirst)];
  if (Number.isFinite(falsePositive) && Number.isFinite(falseNegative) && falsePositive + falseNegative > 0)
    return { falsePositive, falseNegative };
  throw new UserError(
    `${option("cost")} must say what a false positive and a false negative cost, such as fp=1,fn=10, not '${text.slice(0, 60)}'.`,
  );
}

/** "fp=1, fn=10", "a precision of 95 %", … */
export function wantedText(request: DecisionRequest): string {
  if (request.by === "cost") return `costs of fp=${request.falsePositive}, fn=${request.falseNegative}`;
  return `${request.by === "accuracy" ? "an" : "a"} ${request.by} of ${Number((100 * request.wanted).toFixed(4))} %`;
}
