// The linear model of sets of labels as a family.
import {
  fitMultilabel,
  type MultilabelModel,
  multilabelFromTensors,
  multilabelToTensors,
  predictMultilabel,
} from "../../linear/index.js";
import type { Targets } from "../../networks/index.js";
import { type LinearKind, linearFamily, weightLike } from "../families/linear-family.js";

export const linearSetKind: LinearKind<MultilabelModel> = {
  fit: ({ texts, targets, vectors }, labels, { seed, settings }, watch, judged) =>
    fitMultilabel(
      { texts, labelsOf: labelsOf(targets), labels, vectors },
      { seed, ...weightLike(judged), ...settings },
      watch,
    ),
  predict: predictMultilabel,
  width: ({ labels }) => labels,
  /** Log-odds of a label. */
  decision({ bias, calibration: { slope, offset } }, of, against) {
    const sign = (label: number) => (label === of ? 1 : label === against ? -1 : 0);
    const direction = Array.from(slope, (factor, label) => factor * sign(label));
    const own = direction.map((factor, label) => factor * bias[label] + sign(label) * offset[label]);
    return { direction, bias: own.reduce((sum, one) => sum + one, 0) };
  },
  toFiles: multilabelToTensors,
  fromFiles: ({ tensors, config }) => multilabelFromTensors(tensors, config),
};

export const linearMultilabel = linearFamily(linearSetKind);

/** The labels of each row: the marked ones, or those that are likelier than not. */
function labelsOf({ width, values }: Targets): number[][] {
  return Array.from({ length: values.length / width }, (_, row) => {
    const own: number[] = [];
    for (let label = 0; label < width; label++) if (values[row * width + label] >= 0.5) own.push(label);
    return own;
  });
}
