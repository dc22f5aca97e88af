// Ridge regression as a family.
import { fitRidge, predictRidge, type RidgeModel, ridgeFromTensors, ridgeToTensors } from "../../linear/index.js";
import { type LinearKind, linearFamily, weightLike } from "../families/linear-family.js";

export const linearNumberKind: LinearKind<RidgeModel> = {
  fit: ({ texts, targets, vectors }, _, { seed, settings }, watch, judged) =>
    fitRidge({ texts, targets: targets.values, vectors }, { seed, ...weightLike(judged), ...settings }, watch),
  predict: (model, texts, vectors) => Float32Array.from(predictRidge(model, texts, vectors)),
  width: () => 1,
  decision: ({ bias, mean, scale }) => ({ direction: [scale], bias: mean + scale * bias }),
  toFiles: ridgeToTensors,
  fromFiles: ({ tensors, config }) => ridgeFromTensors(tensors, config),
};

export const linearRegression = linearFamily(linearNumberKind);
