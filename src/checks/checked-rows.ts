// What all checks look at: the rows of the training table and, behind them, those of the test table.
import type { Watch } from "../base/progress.js";
import type { LabelledTable, LabelValue, Task, TaskName } from "../tasks/index.js";
import type { FindingExample, RowPlace } from "./finding.js";
import { type LabelSets, labelSetsOf, labelsAt } from "./label-sets.js";
import { type QuickModel, quickModel } from "./quick-model.js";
import { type SameTexts, sameTexts } from "./same-texts.js";

/** Values of a column beside the texts, of some rows of the training table. */
export interface SampledColumn {
  name: string;
  /** One of several columns that the text is joined of. */
  isText: boolean;
  values: (string | null)[];
}

export interface CheckedTables {
  taskName: TaskName;
  task: Task;
  /** Undefined where the labels cannot be learned. */
  space: unknown;
  training: LabelledTable;
  test?: LabelledTable;
  /** Rows of the training table, from 0, whose columns were read, ascending; and these columns, one each. */
  sampled: { places: readonly number[]; columns: readonly SampledColumn[] };
  seed: number;
}

export interface CheckedRows extends CheckedTables {
  /** Of both tables. */
  texts: readonly string[];
  labels: readonly LabelValue[];
  sets: LabelSets;
  /** Of each label the share of the training rows that have it. */
  trainingShares: Float64Array;
  /** Row of the training table, −1 for none, of each of the sampled places. */
  sampledRows: Int32Array;
  /** Rows of the training table: they come first. */
  trainingRows: number;
  watch: Watch;
  /** Computed when it is first asked for. */
  copies(): Promise<SameTexts>;
  /** A linear model on some rows, and its answers for others; undefined where the labels or rows do not allow it. */
  quick(): Promise<QuickModel | undefined>;
  placeOf(row: number): RowPlace;
  example(row: number, like?: number): FindingExample;
}

const longestExample = 240;

export function checkedRows(tables: CheckedTables, watch: Watch): CheckedRows {
  const { training, test, taskName, space } = tables;
  const texts = test ? training.texts.concat(test.texts) : training.texts;
  const labels = test ? training.labels.concat(test.labels) : training.labels;
  const sets = labelSetsOf[taskName](labels, space);
  const trainingRows = training.texts.length;
  let copies: Promise<SameTexts> | undefined;
  let quick: Promise<QuickModel | undefined> | undefined;
  const isTest = (row: number) => row >= trainingRows;
  const placeOf = (row: number): RowPlace =>
    test && isTest(row)
      ? { table: "test", row: test.places[row - trainingRows] + 1 }
      : { table: "training", row: training.places[row] + 1 };
  const labelOf = (row: number) =>
    sets.areRanges ? String(labels[row]) : Array.from(labelsAt(sets, row), (id) => sets.names[id]).join(", ");
  const told = (row: number) => ({ ...placeOf(row), text: texts[row].slice(0, longestExample), label: labelOf(row) });
  const rows: CheckedRows = {
    ...tables,
    texts,
    labels,
    sets,
    trainingShares: sharesOf(sets, trainingRows),
    sampledRows: rowsAt(training.places, tables.sampled.places),
    trainingRows,
    watch,
    copies() {
      copies ??= sameTexts(texts, isTest, watch);
      return copies;
    },
    quick() {
      quick ??= quickModel(rows);
      return quick;
    },
    placeOf,
    example: (row, like) => ({ ...told(row), ...(like !== undefined && { like: told(like) }) }),
  };
  return rows;
}

/** Of the first `rows`. */
function sharesOf({ names, start, ids }: LabelSets, rows: number): Float64Array {
  const counts = new Float64Array(names.length);
  for (const label of ids.subarray(0, start[rows])) counts[label]++;
  return counts.map((count) => count / rows);
}

/** Where each of `wanted` stands in `places`; both ascend. */
function rowsAt(places: readonly number[], wanted: readonly number[]): Int32Array {
  let row = 0;
  return Int32Array.from(wanted, (place) => {
    while (row < places.length && places[row] < place) row++;
    return places[row] === place ? row : -1;
  });
}

/** Rows spread over [0, count), at most `most` of them. */
export function spreadRows(count: number, most: number): number[] {
  const step = Math.max(1, Math.ceil(count / most));
  return Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step);
}

/** A count in `seen` of `all` rows, projected to all of them. */
export function projected(count: number, seen: number, all: number): { rows: number; isEstimate?: true } {
  return seen === all ? { rows: count } : { rows: Math.round((count * all) / seen), isEstimate: true };
}
