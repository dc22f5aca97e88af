// A linear model as a family, whatever it learns: fitted once to be judged on the validation rows, then once more on all rows.
import type { Watch } from "../../base/progress.js";
import type { ModelFiles } from "../../folders/index.js";
import { joinTargets } from "../../networks/index.js";
import type { Family, TaskRows, TextModel } from "./family.js";

/** What a task says of its linear model. */
export interface LinearKind<Model extends { weights: ArrayLike<number>; bias: ArrayLike<number> | number }> {
  /** @param judged the model of the training rows, when all rows are fitted */
  fit(rows: TaskRows, width: number, seed: number, watch: Watch, judged?: Model): Promise<Model>;
  /** Row-major (texts, width). */
  predict(model: Model, texts: readonly string[]): Float32Array;
  width(model: Model): number;
  toFiles(model: Model): ModelFiles;
  fromFiles(files: ModelFiles): Model;
}

export function linearFamily<Model extends { weights: ArrayLike<number>; bias: ArrayLike<number> | number }>(
  kind: LinearKind<Model>,
): Family {
  const trained = (model: Model): TextModel => ({
    family: "linear",
    width: kind.width(model),
    parameters: model.weights.length + (typeof model.bias === "number" ? 1 : model.bias.length),
    predict: async (texts) => kind.predict(model, texts),
    files: async () => kind.toFiles(model),
    async close() {},
  });
  return {
    async train({ head, training, validation }, { seed }, watch = {}) {
      const fit = (rows: TaskRows, stage: string, judged?: Model) =>
        kind.fit(rows, head.width, seed, linearStage(watch, stage), judged);
      const judged = await fit(training, "fitting for validation");
      const answers = kind.predict(judged, validation.texts);
      const model = await fit(joinRows(training, validation), "fitting on all rows", judged);
      return { model: trained(model), validation: answers, epochs: [], stopped: "finished" };
    },

    async load(files) {
      return trained(kind.fromFiles(files));
    },
  };
}

function joinRows(a: TaskRows, b: TaskRows): TaskRows {
  return { texts: a.texts.concat(b.texts), targets: joinTargets(a.targets, b.targets) };
}

const reading = "reading texts";

/** Reading keeps its name, fitting has that of its turn. */
function linearStage({ onProgress, signal }: Watch, stage: string): Watch {
  return {
    signal,
    onProgress: onProgress && ((step) => onProgress(step.stage === reading ? step : { ...step, stage })),
  };
}
