// Precision, recall and F1 of each label for the terminal.
import type { ResultTable } from "../task.js";
import type { LabelScores } from "./label-table.js";

/** Rows of a table that fit a terminal. */
const mostLabels = 40;

export function labelResults(labels: readonly LabelScores[]): ResultTable {
  return {
    head: ["Label", "Rows", "Precision", "Recall", "F1"],
    rows: labels
      .slice(0, mostLabels)
      .map(({ label, rows, precision, recall, f1 }) => [label, String(rows), ...[precision, recall, f1].map(percent)]),
    more: Math.max(0, labels.length - mostLabels),
  };
}

export const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
