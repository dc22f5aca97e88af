// The linear classifier as a family.
import { fitLinear, type LinearModel, linearFromTensors, linearToTensors, predictLinear } from "../../linear/index.js";
import { rowsIn } from "../../networks/index.js";
import { type LinearKind, linearFamily, weightLike } from "../families/linear-family.js";
import { likeliest } from "./head.js";

/** More of them make fitting twice dear. */
const manyClasses = 200;

export const linearClassKind: LinearKind<LinearModel> = {
  fit({ texts, targets, vectors }, classes, seed, watch, judged) {
    // A support vector machine has one class a row: of probabilities the likeliest.
    const labels = Int32Array.from({ length: rowsIn(targets) }, (_, row) => likeliest(targets, row));
    // With many classes the calibration is a slope for all of them: a few more rows do not change it.
    return judged && classes > manyClasses
      ? fitLinear(
          { texts, labels, classes, vectors },
          { seed, ratio: 0, ...weightLike(judged) },
          watch,
          judged.calibration,
        )
      : fitLinear({ texts, labels, classes, vectors }, { seed, ...weightLike(judged) }, watch);
  },
  predict: predictLinear,
  width: ({ classes }) => classes,
  toFiles: linearToTensors,
  fromFiles: ({ tensors, config }) => linearFromTensors(tensors, config),
};

export const linearClassifier = linearFamily(linearClassKind);
