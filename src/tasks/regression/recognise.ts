// Label columns of amounts: numbers of more values than a scale for answers has.
import { option } from "../../base/option.js";
import type { TaskRecogniser } from "../tasks.js";

const manyNumbers = 20;

export const recogniser: TaskRecogniser = {
  hint(labels, column) {
    const values = new Set(labels);
    if (values.size <= manyNumbers || ![...values].every(isQuantity)) return undefined;
    return (
      `'${column}' contains numbers with ${values.size} different values. Each one is a separate label: that 4 is near ` +
      `5 is not learned. If they are amounts, predict them as numbers: add ${option("task")} regression.`
    );
  },
};

/** 007 is a name. */
const isQuantity = (label: string) => /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i.test(label.trim());
