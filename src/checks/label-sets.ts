// Labels of rows as the checks count them: numbers of names, however many a row has. The one place that asks for the task.
import type { LabelValue, TaskName } from "../tasks/index.js";
import { type SetSpace, speltSets } from "../tasks/multilabel/space.js";
import { quantileGroups } from "../tasks/regression/quantile-groups.js";

export interface LabelSets {
  names: readonly string[];
  /** Labels of row r are ids [start[r], start[r + 1]); shape (rows + 1). */
  start: Int32Array;
  ids: Int32Array;
  /** Rows with each label, shape (names). */
  counts: Int32Array;
  /** Labels are ranges of numbers: what they are called stands in no text. */
  areRanges: boolean;
}

const ranges = 5;

/** Labels of all rows under a task: its own for one or several a row, fifths of the numbers for a regression. */
export const labelSetsOf: Record<TaskName, (labels: readonly LabelValue[], space: unknown) => LabelSets> = {
  classify: (labels) => collect(labels.map((label) => [String(label)])),
  multilabel: (labels, space) =>
    collect(space === undefined ? labels.map(String).map((one) => [one]) : speltSets(labels, space as SetSpace)),
  regression(labels) {
    const numbers = Float64Array.from(labels, Number);
    const groups = quantileGroups(numbers, ranges);
    const [least, most] = [new Map<number, number>(), new Map<number, number>()];
    for (const [row, group] of groups.entries()) {
      least.set(group, Math.min(least.get(group) ?? numbers[row], numbers[row]));
      most.set(group, Math.max(most.get(group) ?? numbers[row], numbers[row]));
    }
    const name = (group: number) =>
      least.get(group) === most.get(group) ? String(least.get(group)) : `${least.get(group)} to ${most.get(group)}`;
    return { ...collect(Array.from(groups, (group) => [name(group)])), areRanges: true };
  },
};

function collect(sets: readonly (readonly string[])[]): LabelSets {
  const places = new Map<string, number>();
  const start = new Int32Array(sets.length + 1);
  for (const [row, own] of sets.entries()) start[row + 1] = start[row] + own.length;
  const ids = new Int32Array(start[sets.length]);
  let at = 0;
  for (const own of sets)
    for (const label of own) {
      let place = places.get(label);
      if (place === undefined) {
        place = places.size;
        places.set(label, place);
      }
      ids[at++] = place;
    }
  const counts = new Int32Array(places.size);
  for (const id of ids) counts[id]++;
  return { names: [...places.keys()], start, ids, counts, areRanges: false };
}

export function labelsAt({ start, ids }: LabelSets, row: number): Int32Array {
  return ids.subarray(start[row], start[row + 1]);
}

/** Whether two rows have the same labels, whatever their order. */
export function haveSameLabels(sets: LabelSets, a: number, b: number): boolean {
  const [own, other] = [labelsAt(sets, a), labelsAt(sets, b)];
  return own.length === other.length && own.every((label) => other.includes(label));
}

/** How often each label stands in some rows. */
export class LabelCounts {
  rows = 0;
  readonly of = new Map<number, number>();
  add(sets: LabelSets, row: number): void {
    this.rows++;
    for (let at = sets.start[row]; at < sets.start[row + 1]; at++)
      this.of.set(sets.ids[at], (this.of.get(sets.ids[at]) ?? 0) + 1);
  }
  /** The most frequent label and its share of the rows. */
  top(): { label: number; share: number; rows: number } {
    let [label, rows] = [-1, 0];
    for (const [one, count] of this.of) if (count > rows) [label, rows] = [one, count];
    return { label, rows, share: this.rows === 0 ? 0 : rows / this.rows };
  }
}

/** Rows with each label, the most frequent first. */
export function countLabels(
  task: TaskName,
  labels: readonly LabelValue[],
  space: unknown,
): { label: string; rows: number }[] {
  const { names, counts } = labelSetsOf[task](labels, space);
  return names.map((label, i) => ({ label, rows: counts[i] })).sort((a, b) => b.rows - a.rows);
}
