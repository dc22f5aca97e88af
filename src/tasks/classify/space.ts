// What a classifier can answer: the labels of the rows that it may learn from.
import { z } from "zod";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { factText } from "../../folders/index.js";
import type { Targets } from "../../networks/index.js";
import { decisionRequestSchema } from "../decisions.js";
import { checkLabels, countLabels, labelWarnings } from "../labels/label-names.js";
import { labelMatcher } from "../labels/match-labels.js";
import type { LabelledTable, LabelValue } from "../read-labelled.js";
import type { TaskOptions } from "../task.js";

const decisionSchema = z.object({
  request: decisionRequestSchema,
  /** Whose threshold it is; without one, that of the likeliest label. */
  label: factText.optional(),
  threshold: z.number().min(0).max(1),
});
/** A threshold, and what it was chosen for. */
export type ClassDecision = z.infer<typeof decisionSchema>;

export const spaceSchema = z
  .object({
    /** In the order of the classes. */
    labels: z.array(factText).min(2),
    /** See `fitTemperature`. */
    temperature: z.number().positive().optional(),
    decision: decisionSchema.optional(),
  })
  .refine(({ labels, decision }) => decision?.label === undefined || labels.includes(decision.label), "no such label");
export type LabelSpace = z.infer<typeof spaceSchema> & {
  /** What answers are decided by, while they are given. Not kept. */
  applied?: Pick<ClassDecision, "label" | "threshold">;
};

/** @throws UserError when there are too few labels to learn, or too many */
export function planLabels(
  table: LabelledTable,
  rows: readonly number[],
  { manyLabels }: TaskOptions,
): { space: LabelSpace; warnings: string[] } {
  const counts = countLabels(rows.map((row) => [String(table.labels[row])]));
  const labels = [...counts.keys()];
  if (labels.length === 1)
    throw new UserError(
      `All ${rows.length} rows of ${table.source} have the label '${labels[0]}'. A classifier needs at least two ` +
        `labels: choose another ${option("label")} column or add rows.`,
    );
  checkLabels(table, counts, rows.length, manyLabels);
  return { space: { labels }, warnings: labelWarnings(counts) };
}

/** The class of each label; −1 for those that are not in the space. */
export function classesOf(labels: readonly LabelValue[], space: LabelSpace): Targets {
  const match = labelMatcher(space.labels);
  const classOf = new Map<string | undefined, number>(space.labels.map((label, index) => [label, index]));
  return { width: 1, values: Int32Array.from(labels, (label) => classOf.get(match(String(label))) ?? -1) };
}

/** Each label as the space spells it; others as they are. */
export function speltAs(labels: readonly LabelValue[], space: LabelSpace): string[] {
  const match = labelMatcher(space.labels);
  return labels.map((label) => match(String(label)) ?? String(label));
}

/** Labels that are not in the space with their rows, the most frequent first. */
export function unseenLabels(labels: readonly LabelValue[], space: LabelSpace): { label: string; rows: number }[] {
  const { values } = classesOf(labels, space);
  const counts = new Map<string, number>();
  for (const [row, label] of labels.entries())
    if (values[row] < 0) counts.set(String(label), (counts.get(String(label)) ?? 0) + 1);
  return [...counts].map(([label, rows]) => ({ label, rows })).sort((a, b) => b.rows - a.rows);
}
