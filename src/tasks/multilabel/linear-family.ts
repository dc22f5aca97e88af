// The linear model of sets of labels as a family: fitted once to be judged on the validation rows, then once more on all rows.
import {
  fitMultilabel,
  type MultilabelModel,
  multilabelFromTensors,
  multilabelToTensors,
  predictMultilabel,
} from "../../linear/index.js";
import { joinTargets, type Targets } from "../../networks/index.js";
import type { Family, TextModel } from "../families/family.js";
import { linearStage } from "../families/linear-stage.js";

export const linearFamily: Family = {
  async train({ head, training, validation }, { seed }, watch = {}) {
    const labels = head.width;
    const fit = (texts: readonly string[], targets: Targets, stage: string) =>
      fitMultilabel({ texts, labelsOf: labelsOf(targets), labels }, { seed }, linearStage(watch, stage));
    const judged = await fit(training.texts, training.targets, "fitting for validation");
    const answers = predictMultilabel(judged, validation.texts);
    const all = [...training.texts, ...validation.texts];
    const model = await fit(all, joinTargets(training.targets, validation.targets), "fitting on all rows");
    return { model: trainedLinear(model), validation: answers, epochs: [], stopped: "finished" };
  },

  async load({ config, tensors }) {
    return trainedLinear(multilabelFromTensors(tensors, config));
  },
};

function trainedLinear(model: MultilabelModel): TextModel {
  return {
    family: "linear",
    width: model.labels,
    parameters: model.weights.length + model.bias.length,
    predict: async (texts) => predictMultilabel(model, texts),
    files: async () => multilabelToTensors(model),
    async close() {},
  };
}

/** The marked labels of each row. */
function labelsOf({ width, values }: Targets): number[][] {
  return Array.from({ length: values.length / width }, (_, row) => {
    const own: number[] = [];
    for (let label = 0; label < width; label++) if (values[row * width + label] === 1) own.push(label);
    return own;
  });
}
