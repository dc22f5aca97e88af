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
  toFiles: linearToTensors,
  fromFiles: ({ tensors, config }) => linearFromTensors(tensors, config),
};

export const linearClassifier = linearFamily(linearClassKind);
