// What can be answered where a row has several labels or none: the labels, and how probable each must be.
import { z } from "zod";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { factText } from "../../folders/index.js";
import type { Targets } from "../../networks/index.js";
import { decisionRequestSchema } from "../decisions.js";
import { checkLabels, countLabels, labelWarnings } from "../labels/label-names.js";
import { labelMatcher } from "../labels/match-labels.js";
import { type LabelledTable, type LabelValue, rowsOf } from "../read-labelled.js";
import type { TaskOptions } from "../task.js";
import { findSeparator, labelsIn, separators } from "./row-labels.js";

export const spaceSchema = z
  .object({
    labels: z.array(factText).min(1),
    /** Between the labels of a text, in the table and in answers. */
    separator: factText,
    /** A label is answered where its probability is at least its threshold. */
    thresholds: z.array(z.number().min(0).max(1)),
    /** What thresholds were chosen for, and of which label; without it, for F1. */
    decision: z.object({ request: decisionRequestSchema, label: factText.optional() }).optional(),
  })
  .refine(({ labels, thresholds }) => labels.length === thresholds.length, "one threshold a label is needed");
export type SetSpace = z.infer<typeof spaceSchema>;

/** @throws UserError when there is nothing to tell apart, or too many labels */
export function planSets(
  table: LabelledTable,
  rows: readonly number[],
  { manyLabels, separator: given }: TaskOptions,
): { space: SetSpace; warnings: string[] } {
  const { source, labelColumn } = table;
  const values = rows.map((row) => table.labels[row]);
  const texts = values.filter((value) => typeof value === "string");
  const found = given ?? findSeparator(texts);
  const separator = found ?? separators[0];
  const sets = values.map((value) => labelsIn(value, separator));
  const counts = countLabels(sets);
  const without = sets.filter(({ length }) => length === 0).length;
  if (counts.size === 0)
    throw new UserError(
      `None of the ${rowsOf(rows.length)} of ${source} has a label in '${labelColumn}': choose another ${option("label")} column.`,
    );
  const labels = [...counts.keys()];
  if ([...counts.values()].every((count) => count === rows.length))
    throw new UserError(
      `All ${rowsOf(rows.length)} of ${source} have the same ${labels.length === 1 ? "label" : "labels"}, ` +
        `'${labels.join(separator).slice(0, 80)}': there is nothing to learn. Choose another ${option("label")} column or add rows.`,
    );
  checkLabels(table, counts, rows.length, manyLabels);
  const warnings = labelWarnings(counts);
  if (without > 0) warnings.push(`${without} of ${rowsOf(rows.length)} have no label: learned as rows without any.`);
  if (sets.every(({ length }) => length < 2))
    warnings.push(
      texts.length === 0
        ? `No row of ${source} has several labels in '${labelColumn}'.`
        : `No value of '${labelColumn}' is divided by ${given === undefined ? "; | or ," : `'${given}'`}: each is one label. ` +
            `What stands between the labels of a row is set with ${option("separator")}.`,
    );
  const isFree = (one: string) => !labels.some((label) => label.includes(one));
  const space = {
    labels,
    // Items of lists may hold what stands between others.
    separator: [separator, ...separators].find(isFree) ?? separator,
    thresholds: labels.map(() => 0.5),
  };
  return { space, warnings };
}

/**
 * Each row's labels as the space spells them; others as they are. A text that holds unknown labels is divided by another
 * separator where that makes all of them known: the table that is measured may not be written as the one of training was.
 */
export function speltSets(values: readonly LabelValue[], { labels, separator }: SetSpace): string[][] {
  const match = labelMatcher(labels);
  return values.map((value) => {
    const own = labelsIn(value, separator);
    const divided = own.every(match)
      ? own
      : separators.map((other) => labelsIn(value, other)).find((parts) => parts.every(match));
    return [...new Set((divided ?? own).map((label) => match(label) ?? label))];
  });
}

/** 1 for a label that a row has; one that is not in the space has no mark. */
export function marksOf(values: readonly LabelValue[], space: SetSpace): Targets {
  const width = space.labels.length;
  const places = new Map(space.labels.map((label, place) => [label, place]));
  const marks = new Uint8Array(values.length * width);
  for (const [row, labels] of speltSets(values, space).entries())
    for (const label of labels) {
      const place = places.get(label);
      if (place !== undefined) marks[row * width + place] = 1;
    }
  return { width, values: marks };
}

/** Labels that are not in the space with their rows, the most frequent first. */
export function unseenIn(values: readonly LabelValue[], space: SetSpace): { label: string; rows: number }[] {
  const known = new Set(space.labels);
  const counts = countLabels(speltSets(values, space).map((labels) => labels.filter((label) => !known.has(label))));
  return [...counts].map(([label, rows]) => ({ label, rows })).sort((a, b) => b.rows - a.rows);
}

/** Of each row its rarest label, which a split shares out; −1 where it has none. */
export function rarestLabels({ width, values }: Targets): Int32Array {
  const counts = new Int32Array(width);
  for (let at = 0; at < values.length; at++) counts[at % width] += values[at];
  const rows = values.length / width;
  return Int32Array.from({ length: rows }, (_, row) => {
    let rarest = -1;
    for (let label = 0; label < width; label++)
      if (values[row * width + label] === 1 && (rarest < 0 || counts[label] < counts[rarest])) rarest = label;
    return rarest;
  });
}
