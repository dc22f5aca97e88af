// Ridge regression as a family: fitted once to be judged on the validation rows, then once more on all rows.
import { fitRidge, predictRidge, type RidgeModel, ridgeFromTensors, ridgeToTensors } from "../../linear/index.js";
import { joinTargets } from "../../networks/index.js";
import type { Family, TaskRows, TextModel } from "../families/family.js";
import { linearStage } from "../families/linear-stage.js";

export const linearFamily: Family = {
  async train({ training, validation }, { seed }, watch = {}) {
    const judged = await fitRidge(numbered(training), { seed }, linearStage(watch, "fitting for validation"));
    const all = {
      texts: training.texts.concat(validation.texts),
      targets: joinTargets(training.targets, validation.targets),
    };
    const model = await fitRidge(numbered(all), { seed }, linearStage(watch, "fitting on all rows"));
    return {
      model: trainedRidge(model),
      validation: Float32Array.from(predictRidge(judged, validation.texts)),
      epochs: [],
      stopped: "finished",
    };
  },

  async load({ config, tensors }) {
    return trainedRidge(ridgeFromTensors(tensors, config));
  },
};

function trainedRidge(model: RidgeModel): TextModel {
  return {
    family: "linear",
    width: 1,
    parameters: model.weights.length + 1,
    predict: async (texts) => Float32Array.from(predictRidge(model, texts)),
    files: async () => ridgeToTensors(model),
    async close() {},
  };
}

function numbered({ texts, targets }: TaskRows) {
  return { texts, targets: targets.values };
}
