// The linear classifier as a family.
import { fitLinear, type LinearModel, linearFromTensors, linearToTensors, predictLinear } from "../../linear/index.js";
import { rowsIn } from "../../networks/index.js";
import { type LinearKind, linearFamily, weightLike } from "../families/linear-family.js";
import { likeliest } from "./head.js";

/**
 * With vectors and up to so many rows the penalty is stronger: of 200 movie reviews 1.5 points more, of 200 questions and 8 rows
 * for each of 77 intents the same.
 */
const fewRows = 1500;
const fewRowsC = 0.2;
/** More of them make fitting twice dear. */
const manyClasses = 200;

export const linearClassKind: LinearKind<LinearModel> = {
  fit({ texts, targets, vectors }, classes, { seed, settings }, watch, judged) {
    // A support vector machine has one class a row: of probabilities the likeliest.
    const labels = Int32Array.from({ length: rowsIn(targets) }, (_, row) => likeliest(targets, row));
    const own = {
      seed,
      ...(vectors && texts.length <= fewRows && { C: fewRowsC }),
      ...weightLike(judged),
      ...settings,
    };
    // With many classes the calibration is a slope for all of them: a few more rows do not change it.
    return judged && classes > manyClasses
      ? fitLinear({ texts, labels, classes, vectors }, { ...own, ratio: 0 }, watch, judged.calibration)
      : fitLinear({ texts, labels, classes, vectors }, own, watch);
  },
  predict: predictLinear,
  width: ({ classes }) => classes,
  /** Logits: with two classes (0, z), otherwise one a class, each against the rest. */
  decision({ columns, bias, calibration: { slope, offsets } }, of, against) {
    const sign = (label: number) => (label === of ? 1 : label === (against ?? (columns === 1 ? 1 - of : -1)) ? -1 : 0);
    const direction = Array.from(bias, (_, column) => slope * sign(columns === 1 ? 1 : column));
    const sum = (values: ArrayLike<number>) => direction.reduce((all, factor, c) => all + factor * values[c], 0);
    return { direction, bias: sum(bias) + Array.from(offsets, (offset, label) => sign(label) * offset).reduce(add) };
  },
  toFiles: linearToTensors,
  fromFiles: ({ tensors, config }) => linearFromTensors(tensors, config),
};

const add = (a: number, b: number) => a + b;

export const linearClassifier = linearFamily(linearClassKind);
