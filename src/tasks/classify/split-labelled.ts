// From labelled texts to training, validation and held-out rows that share no text. Knows no files and no model.
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { mixSeed } from "../../base/random.js";
import { stratifiedSplit } from "../../tables/index.js";
import type { LabelledRows, TrainingRows } from "./family.js";
import { labelMatcher } from "./match-labels.js";
import { type LabelledTable, rowsOf } from "./read-labelled.js";
import { textKey } from "./training-texts.js";

export interface SplitRows extends TrainingRows {
  /** Names in the order of the classes. */
  labels: string[];
  heldOut: {
    texts: string[];
    /** As they are spelt. */
    labels: string[];
    /** Class of each row, -1 for a label that training never saw. */
    classes: Int32Array;
    unseen: { label: string; rows: number }[];
    source: string;
  };
  /** Training rows that were left out because the test table has the same text. */
  sharedWithTest: number;
  warnings: string[];
}

const heldOutShare = 0.2;
const mostHeldOut = 5000;
const mostValidation = 5000;

/**
 * Held out are the rows of `test`, or else a fifth of `table`, at most 5,000 rows; for validation goes a tenth of the
 * rest (a fifth of fewer than 2,000 rows), at most 5,000. Both are stratified. Texts count as the same when they differ
 * only in case and spaces; rows with the same text stay together. `seed` draws the rows, and nothing else does.
 *
 * @param takesManyLabels the column is wanted although it looks like one of keys, times or names
 * @throws UserError when there are too few rows or labels to learn and to measure, or too many labels
 */
export function splitLabelled(
  table: LabelledTable,
  test: LabelledTable | undefined,
  seed: number,
  takesManyLabels = false,
): SplitRows {
  const warnings: string[] = [];
  const keys = table.texts.map(textKey);
  const testKeys = new Set(test?.texts.map(textKey));
  let rows = [...table.texts.keys()].filter((row) => !testKeys.has(keys[row]));
  const sharedWithTest = table.texts.length - rows.length;
  if (test && sharedWithTest > 0) {
    if (rows.length === 0)
      throw new UserError(
        `Every text of ${table.source} is also in ${test.source}. A test table needs different rows: use another ` +
          `one, or omit ${option("test")}.`,
      );
    warnings.push(`${rowsOf(sharedWithTest)} with a text that is also in ${test.source} left out of training.`);
  }
  const labels = sortedLabels(rows.map((row) => table.labels[row]));
  checkLabels(table, labels, rows, takesManyLabels);
  const classOf = new Map(labels.map((label, index) => [label, index]));
  const classes = Int32Array.from(table.labels, (label) => classOf.get(label) ?? -1);
  const pick = (chosen: readonly number[]): LabelledRows => ({
    texts: chosen.map((row) => table.texts[row]),
    labels: Int32Array.from(chosen, (row) => classes[row]),
  });
  const split = (share: number, part: number) => {
    const found = splitSome(
      rows.map((row) => classes[row]),
      share,
      mixSeed(seed, part),
      rows.map((row) => keys[row]),
    );
    const taken = [...found.part].map((i) => rows[i]);
    rows = [...found.rest].map((i) => rows[i]);
    return taken;
  };

  warnings.push(...labelWarnings(table, labels, rows));
  let heldOut: SplitRows["heldOut"];
  if (test) {
    heldOut = { ...heldOutOf(test.texts, test.labels, labels), source: test.source };
    for (const { label, rows } of heldOut.unseen.slice(0, 5))
      warnings.push(
        `Label '${label}' of ${test.source} (${rowsOf(rows)}) is not in the training rows: counted as errors.`,
      );
    if (heldOut.unseen.length > 5) warnings.push(`So are ${heldOut.unseen.length - 5} more labels.`);
  } else {
    const taken = split(Math.min(heldOutShare, mostHeldOut / rows.length), 1);
    if (taken.length === 0) throw tooFew(table, "measure on");
    const texts = taken.map((row) => table.texts[row]);
    const share = `${Math.round((100 * taken.length) / (taken.length + rows.length))} %`;
    const source = `${share} of the rows of ${table.source}, drawn with split seed ${seed}`;
    heldOut = {
      ...heldOutOf(
        texts,
        taken.map((row) => table.labels[row]),
        labels,
      ),
      source,
    };
  }
  const validation = split(Math.min(rows.length < 2000 ? 0.2 : 0.1, mostValidation / rows.length), 2);
  if (validation.length === 0) throw tooFew(table, "choose the model by");
  return {
    labels,
    classes: labels.length,
    training: pick(rows),
    validation: pick(validation),
    heldOut,
    sharedWithTest,
    warnings,
  };
}

/** Class of each label, by its value; -1 for those that are not known, which are counted. */
export function heldOutOf(texts: string[], spelt: readonly string[], known: readonly string[]) {
  const match = labelMatcher(known);
  const classOf = new Map(known.map((label, index) => [label, index]));
  const labels = spelt.map((label) => match(label) ?? label);
  const classes = Int32Array.from(labels, (label) => classOf.get(label) ?? -1);
  const counts = new Map<string, number>();
  for (const [row, label] of labels.entries()) if (classes[row] < 0) counts.set(label, (counts.get(label) ?? 0) + 1);
  const unseen = [...counts].map(([label, rows]) => ({ label, rows })).sort((a, b) => b.rows - a.rows);
  return { texts, labels, classes, unseen };
}

/** Small tables give up a larger share before they give up. */
function splitSome(classes: number[], share: number, seed: number, keys: string[]) {
  for (const larger of [share, 0.3, 0.5]) {
    const found = stratifiedSplit(classes, Math.max(share, larger), seed, keys);
    if (found.part.length > 0) return found;
  }
  return stratifiedSplit(classes, share, seed, keys);
}

/** Numbers by value, all else by code units. */
function sortedLabels(labels: readonly string[]): string[] {
  const names = [...new Set(labels)];
  const areNumbers = names.every((name) => Number.isFinite(Number(name)));
  return names.sort((a, b) => (areNumbers && Number(a) - Number(b)) || (a < b ? -1 : 1));
}

/** More labels are asked about, and where most of more than a few stand in fewer rows than can be learned from and measured. */
const mostLabels = 2000;
const fewLabels = 20;
const fewRows = 3;

function checkLabels(
  table: LabelledTable,
  labels: readonly string[],
  rows: readonly number[],
  takesManyLabels: boolean,
): void {
  if (labels.length === 1)
    throw new UserError(
      `All ${rows.length} rows of ${table.source} have the label '${labels[0]}'. A classifier needs at least two ` +
        `labels: choose another ${option("label")} column or add rows.`,
    );
  if (takesManyLabels) return;
  const counts = rowsByLabel(table, rows);
  const rare = labels.filter((label) => counts.get(label)! < fewRows);
  const isSparse = labels.length > fewLabels && rare.length > labels.length / 2;
  if (labels.length <= mostLabels && !isSparse) return;
  const example = (rare[0] ?? labels[0]).slice(0, 40);
  throw new UserError(
    `The label column '${table.labelColumn}' of ${table.source} has ${labels.length} different values in ` +
      `${rows.length} rows${rare.length > 0 ? `, ${rare.length} of them in fewer than three` : ""} (such as ` +
      `'${example}'). Choose another ${option("label")} column, group the values with ${option("query")}, or add ` +
      `${option("manyLabels")} to train on them all.`,
  );
}

function rowsByLabel(table: LabelledTable, rows: readonly number[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(table.labels[row], (counts.get(table.labels[row]) ?? 0) + 1);
  return counts;
}

function labelWarnings(table: LabelledTable, labels: readonly string[], rows: readonly number[]): string[] {
  const warnings: string[] = [];
  const counts = rowsByLabel(table, rows);
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

function tooFew(table: LabelledTable, use: string): UserError {
  return new UserError(
    `${table.source} has ${rowsOf(table.texts.length)} with text and label, too few to hold some out to ${use}. ` +
      "Every label needs at least three rows with different texts.",
  );
}
