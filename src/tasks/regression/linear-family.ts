// Ridge regression as a family.
import { fitRidge, predictRidge, type RidgeModel, ridgeFromTensors, ridgeToTensors } from "../../linear/index.js";
import { linearFamily } from "../families/linear-family.js";

export const linearRegression = linearFamily<RidgeModel>({
  fit: ({ texts, targets }, _, seed, watch) => fitRidge({ texts, targets: targets.values }, { seed }, watch),
  predict: (model, texts) => Float32Array.from(predictRidge(model, texts)),
  width: () => 1,
  toFiles: ridgeToTensors,
  fromFiles: ({ tensors, config }) => ridgeFromTensors(tensors, config),
});
