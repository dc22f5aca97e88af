// Label columns of several labels a row: lists, and texts that are made of a few recurring parts.
import { option } from "../../base/option.js";
import { holdsLists } from "../../tables/index.js";
import type { TaskRecogniser } from "../tasks.js";
import { likelyDivision } from "./row-labels.js";

export const recogniser: TaskRecogniser = {
  claims: holdsLists,
  hint(labels, column) {
    const division = likelyDivision(labels);
    if (division === undefined) return undefined;
    return (
      `'${column}' looks like several labels a row, divided by '${division.separator}': add ${option("task")} multilabel. ` +
      "Without it, each combination is a label of its own."
    );
  },
};
