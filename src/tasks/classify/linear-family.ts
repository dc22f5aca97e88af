// The linear model as a family: fitted once to be judged on the validation rows, then once more on all rows.
import type { Watch } from "../../base/progress.js";
import { fitLinear, type LinearModel, linearFromTensors, linearToTensors, predictLinear } from "../../linear/index.js";
import type { ClassifierFamily, LabelledRows, TrainedClassifier } from "./family.js";

export const linearFamily: ClassifierFamily = {
  async train({ classes, training, validation }, { seed }, watch = {}) {
    const judged = await fitLinear({ ...training, classes }, { seed }, named(watch, "fitting for validation"));
    const probabilities = predictLinear(judged, validation.texts);
    const all = { ...joined(training, validation), classes };
    const again = named(watch, "fitting on all rows");
    // With many classes the calibration is a slope for all of them: a few more rows do not change it.
    const model =
      classes > manyClasses
        ? await fitLinear(all, { seed, ratio: 0 }, again, judged.calibration)
        : await fitLinear(all, { seed }, again);
    return { classifier: trainedLinear(model), validation: probabilities, epochs: [], stopped: "finished" };
  },

  async load({ config, tensors }) {
    return trainedLinear(linearFromTensors(tensors, config));
  },
};

function trainedLinear(model: LinearModel): TrainedClassifier {
  return {
    family: "linear",
    classes: model.classes,
    parameters: model.weights.length + model.bias.length,
    predict: async (texts) => predictLinear(model, texts),
    files: async () => linearToTensors(model),
    async close() {},
  };
}

function joined(a: LabelledRows, b: LabelledRows): LabelledRows {
  const labels = new Int32Array(a.labels.length + b.labels.length);
  labels.set(a.labels);
  labels.set(b.labels, a.labels.length);
  return { texts: a.texts.concat(b.texts), labels };
}

/** More of them make fitting twice dear. */
const manyClasses = 200;

const reading = "reading texts";

function named({ onProgress, signal }: Watch, stage: string): Watch {
  return {
    signal,
    onProgress: onProgress && ((step) => onProgress(step.stage === reading ? step : { ...step, stage })),
  };
}
