// What a classifier can answer: the labels of the rows that it may learn from.
import { z } from "zod";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { factText } from "../../folders/index.js";
import type { Targets } from "../../networks/index.js";
import type { LabelledTable, LabelValue } from "../read-labelled.js";
import type { TaskOptions } from "../task.js";
import { labelMatcher } from "./match-labels.js";

export const spaceSchema = z.object({
  /** In the order of the classes. */
  labels: z.array(factText).min(2),
});
export type LabelSpace = z.infer<typeof spaceSchema>;

/** @throws UserError when there are too few labels to learn, or too many */
export function planLabels(
  table: LabelledTable,
  rows: readonly number[],
  { manyLabels }: TaskOptions,
): { space: LabelSpace; warnings: string[] } {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const label = String(table.labels[row]);
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const labels = sortedLabels([...counts.keys()]);
  checkLabels(table, labels, counts, rows.length, manyLabels);
  return { space: { labels }, warnings: labelWarnings(labels, counts) };
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

/** Numbers by value, all else by code units. */
function sortedLabels(names: string[]): string[] {
  const areNumbers = names.every((name) => Number.isFinite(Number(name)));
  return names.sort((a, b) => (areNumbers && Number(a) - Number(b)) || (a < b ? -1 : 1));
}

/** More labels are asked about, and where most of more than a few stand in fewer rows than can be learned from and measured. */
const mostLabels = 2000;
const fewLabels = 20;
const fewRows = 3;

function checkLabels(
  { source, labelColumn }: LabelledTable,
  labels: readonly string[],
  counts: ReadonlyMap<string, number>,
  rows: number,
  takesManyLabels: boolean,
): void {
  if (labels.length === 1)
    throw new UserError(
      `All ${rows} rows of ${source} have the label '${labels[0]}'. A classifier needs at least two ` +
        `labels: choose another ${option("label")} column or add rows.`,
    );
  if (takesManyLabels) return;
  const rare = labels.filter((label) => counts.get(label)! < fewRows);
  const isSparse = labels.length > fewLabels && rare.length > labels.length / 2;
  if (labels.length <= mostLabels && !isSparse) return;
  const example = (rare[0] ?? labels[0]).slice(0, 40);
  throw new UserError(
    `The label column '${labelColumn}' of ${source} has ${labels.length} different values in ` +
      `${rows} rows${rare.length > 0 ? `, ${rare.length} of them in fewer than three` : ""} (such as ` +
      `'${example}'). Choose another ${option("label")} column, group the values with ${option("query")}, or add ` +
      `${option("manyLabels")} to train on them all.`,
  );
}

function labelWarnings(labels: readonly string[], counts: ReadonlyMap<string, number>): string[] {
  const warnings: string[] = [];
  const single = labels.filter((label) => counts.get(label) === 1);
  if (single.length > 0)
    warnings.push(
      `${single.length === 1 ? "Label" : "Labels"} ${listed(single)} ${single.length === 1 ? "has" : "have"} one row ` +
        "only: kept for training, never measured. Add more rows.",
    );
  const spelt = new Map<string, string>();
  for (const label of labels) {
    const other = spelt.get(label.toLowerCase());
    if (other !== undefined)
      warnings.push(`Labels '${other}' and '${label}' differ only in case: they count as two labels.`);
    spelt.set(label.toLowerCase(), label);
  }
  return warnings.slice(0, 10);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `'${name}'`);
  return names.length > 5 ? `${shown.join(", ")} and ${names.length - 5} more` : shown.join(", ");
}
