// The linear classifier as a family: fitted once to be judged on the validation rows, then once more on all rows.
import { fitLinear, type LinearModel, linearFromTensors, linearToTensors, predictLinear } from "../../linear/index.js";
import { rowsIn } from "../../networks/index.js";
import type { Family, TaskRows, TextModel } from "../families/family.js";
import { linearStage } from "../families/linear-stage.js";
import { likeliest } from "./head.js";

export const linearFamily: Family = {
  async train({ head, training, validation }, { seed }, watch = {}) {
    const classes = head.width;
    const [own, other] = [labelled(training), labelled(validation)];
    const judged = await fitLinear({ ...own, classes }, { seed }, linearStage(watch, "fitting for validation"));
    const probabilities = predictLinear(judged, validation.texts);
    const all = { ...joined(own, other), classes };
    const again = linearStage(watch, "fitting on all rows");
    // With many classes the calibration is a slope for all of them: a few more rows do not change it.
    const model =
      classes > manyClasses
        ? await fitLinear(all, { seed, ratio: 0 }, again, judged.calibration)
        : await fitLinear(all, { seed }, again);
    return { model: trainedLinear(model), validation: probabilities, epochs: [], stopped: "finished" };
  },

  async load({ config, tensors }) {
    return trainedLinear(linearFromTensors(tensors, config));
  },
};

function trainedLinear(model: LinearModel): TextModel {
  return {
    family: "linear",
    width: model.classes,
    parameters: model.weights.length + model.bias.length,
    predict: async (texts) => predictLinear(model, texts),
    files: async () => linearToTensors(model),
    async close() {},
  };
}

interface LabelledTexts {
  texts: readonly string[];
  labels: Int32Array;
}

/** A support vector machine has one class a row: of probabilities the likeliest. */
function labelled({ texts, targets }: TaskRows): LabelledTexts {
  return { texts, labels: Int32Array.from({ length: rowsIn(targets) }, (_, row) => likeliest(targets, row)) };
}

function joined(a: LabelledTexts, b: LabelledTexts): LabelledTexts {
  const labels = new Int32Array(a.labels.length + b.labels.length);
  labels.set(a.labels);
  labels.set(b.labels, a.labels.length);
  return { texts: a.texts.concat(b.texts), labels };
}

/** More of them make fitting twice dear. */
const manyClasses = 200;
