// Names of labels: in what order they stand, how many of them can be learned, what to warn of. One label a row or several.
import { counted } from "../../base/counted.js";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { type LabelledTable, rowsOf } from "../read-labelled.js";

/** Rows with each label, in the order of the labels: numbers by value, all else by code units. @param rows labels of each row */
export function countLabels(rows: readonly (readonly string[])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const labels of rows) for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const names = [...counts.keys()];
  const areNumbers = names.every((name) => Number.isFinite(Number(name)));
  names.sort((a, b) => (areNumbers && Number(a) - Number(b)) || (a < b ? -1 : 1));
  return new Map(names.map((name) => [name, counts.get(name)!]));
}

/** More labels are asked about, and where most of more than a few stand in fewer rows than can be learned from and measured. */
const mostLabels = 2000;
const fewLabels = 20;
const fewRows = 3;

/** @throws UserError when the column is probably not one of labels */
export function checkLabels(
  { source, labelColumn }: LabelledTable,
  counts: ReadonlyMap<string, number>,
  rows: number,
  takesManyLabels: boolean,
): void {
  if (takesManyLabels) return;
  const labels = [...counts.keys()];
  const rare = labels.filter((label) => counts.get(label)! < fewRows);
  const isSparse = labels.length > fewLabels && rare.length > labels.length / 2;
  if (labels.length <= mostLabels && !isSparse) return;
  const example = (rare[0] ?? labels[0]).slice(0, 40);
  // Where no value comes twice, taking them all would help nobody.
  const others =
    labels.length === rows
      ? `or group the values with ${option("query")}.`
      : `group the values with ${option("query")}, or add ${option("manyLabels")} to train on them all.`;
  const rarely = labels.length === rows ? ", none of them twice" : `, ${rare.length} of them in fewer than three`;
  throw new UserError(
    `The label column '${labelColumn}' of ${source} has ${labels.length} different values in ` +
      `${rows} rows${rare.length > 0 ? rarely : ""} (such as '${example}'). Choose another ${option("label")} column, ${others}`,
  );
}

export function labelWarnings(counts: ReadonlyMap<string, number>): string[] {
  const warnings: string[] = [];
  const labels = [...counts.keys()];
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

/** Labels that are named one by one before training. */
const mostNamed = 5;

/** @param unseen labels that training never saw, with their rows @param source where it is named */
export function unseenWarnings(unseen: readonly { label: string; rows: number }[], source?: string): string[] {
  if (source === undefined)
    return unseen.map(
      ({ label, rows }) => `Label '${label}' (${rowsOf(rows)}) was not in the training rows: counted as errors.`,
    );
  const named = unseen
    .slice(0, mostNamed)
    .map(
      ({ label, rows }) =>
        `Label '${label}' of ${source} (${rowsOf(rows)}) is not in the training rows: counted as errors.`,
    );
  return unseen.length > mostNamed ? [...named, `So are ${unseen.length - mostNamed} more labels.`] : named;
}

/** "1, 2, 3 and 40 more" */
export function describeLabels(labels: readonly string[]): string {
  const shown = labels.slice(0, 12).map((label) => (label.length > 30 ? `${label.slice(0, 29)}…` : label));
  return shown.join(", ") + (labels.length > shown.length ? ` and ${labels.length - shown.length} more` : "");
}

/** Of two models, what the second one answers otherwise. */
export function differentLabels(
  { labels }: { labels: readonly string[] },
  other: { labels: readonly string[] },
): string | undefined {
  const extra = other.labels.filter((label) => !labels.includes(label));
  const missing = labels.filter((label) => !other.labels.includes(label));
  const parts = [
    extra.length > 0 && `it also knows ${counted(extra.length, "label")} such as ${listed(extra.slice(0, 3))}`,
    missing.length > 0 && `it does not know ${counted(missing.length, "label")} such as ${listed(missing.slice(0, 3))}`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? undefined : parts.join(", and ");
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `'${name}'`);
  return names.length > 5 ? `${shown.join(", ")} and ${names.length - 5} more` : shown.join(", ");
}
