// A linear model as a family, whatever it learns: fitted once to be judged on the validation rows, then once more on all rows.
import type { Watch } from "../../base/progress.js";
import { type ModelFiles, wrongModel } from "../../folders/index.js";
import {
  createUnitShares,
  type LinearSums,
  type TextVectors,
  type UnitShares,
  type VectorColumns,
} from "../../linear/index.js";
import { joinTargets } from "../../networks/index.js";
import type { Family, TaskRows, TextModel } from "./family.js";

/** What every linear model has. */
export interface LinearParts extends LinearSums {
  bias: ArrayLike<number> | number;
  /** For those that take vectors of the texts beside their n-grams. */
  vectors?: VectorColumns;
}

/** What a task says of its linear model. */
export interface LinearKind<Model extends LinearParts> {
  /** @param judged the model of the training rows, when all rows are fitted */
  fit(
    rows: TaskRows & { vectors?: TextVectors },
    width: number,
    seed: number,
    watch: Watch,
    judged?: Model,
  ): Promise<Model>;
  /** Row-major (texts, width). @param vectors of the texts, for a model that was fitted with such */
  predict(model: Model, texts: readonly string[], vectors?: TextVectors): Float32Array;
  width(model: Model): number;
  /** What a decision is the sum of: direction · sums + bias. @param of - a number of the answer, or its lead on another */
  decision(model: Model, of: number, against?: number): { direction: number[]; bias: number };
  toFiles(model: Model): ModelFiles;
  fromFiles(files: ModelFiles): Model;
}

export function linearFamily<Model extends LinearParts>(kind: LinearKind<Model>): Family {
  function trained(model: Model): TextModel {
    /** Made when it is first asked for. */
    let sharesOf: UnitShares | undefined;
    return {
      family: "linear",
      width: kind.width(model),
      parameters: parametersOf(model),
      predict: async (texts) => kind.predict(model, texts),
      parts(text, of, against) {
        sharesOf ??= createUnitShares(model);
        const { direction, bias } = kind.decision(model, of, against);
        return { shares: sharesOf(text, direction), bias };
      },
      files: async () => kind.toFiles(model),
      async close() {},
    };
  }
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
      const model = kind.fromFiles(files);
      if (model.vectors) throw wrongModel("its linear model takes vectors of the texts");
      return trained(model);
    },
  };
}

export const parametersOf = ({ weights, bias }: LinearParts) =>
  weights.length + (typeof bias === "number" ? 1 : bias.length);

export function joinRows(a: TaskRows, b: TaskRows): TaskRows {
  return { texts: a.texts.concat(b.texts), targets: joinTargets(a.targets, b.targets) };
}

/** The same weight as in the model that was judged. */
export const weightLike = (judged: LinearParts | undefined) =>
  judged?.vectors ? { vectorWeight: judged.vectors.weight } : {};

const reading = "reading texts";

/** Reading keeps its name, fitting has that of its turn. */
export function linearStage({ onProgress, signal }: Watch, stage: string): Watch {
  return {
    signal,
    onProgress: onProgress && ((step) => onProgress(step.stage === reading ? step : { ...step, stage })),
  };
}
