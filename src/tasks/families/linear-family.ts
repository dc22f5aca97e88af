// A linear model as a family, whatever it learns: fitted once to be judged on the validation rows, then once more on all rows.
import type { Watch } from "../../base/progress.js";
import { type ModelFiles, wrongModel } from "../../folders/index.js";
import {
  countFeatures,
  createUnitShares,
  type LinearSums,
  type TextVectors,
  type UnitShares,
  type VectorColumns,
  type Vectorizer,
} from "../../linear/index.js";
import { joinTargets } from "../../networks/index.js";
import type { Family, TaskRows, TextModel, TrainingOptions } from "./family.js";

/** What every linear model has. */
export interface LinearParts extends LinearSums {
  bias: ArrayLike<number> | number;
  /** For those that take vectors of the texts beside their n-grams. */
  vectors?: VectorColumns;
  vectorizer: Vectorizer;
  /** UTF-16 units of each text that are read. */
  textLimit: number;
}

export type LinearFit = Pick<TrainingOptions, "seed" | "settings">;

/** What a task says of its linear model. */
export interface LinearKind<Model extends LinearParts> {
  /**
   * @param options settings are the linear model's own
   * @param judged the model of the training rows, when all rows are fitted
   */
  fit(
    rows: TaskRows & { vectors?: TextVectors },
    width: number,
    options: LinearFit,
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
      flops: async (texts) => linearFlops(model, texts),
      files: async () => kind.toFiles(model),
      async close() {},
    };
  }
  return {
    async train({ head, training, validation }, options, watch = {}) {
      const fit = (rows: TaskRows, stage: string, judged?: Model) =>
        kind.fit(rows, head.width, options, linearStage(watch, stage), judged);
      const judged = await fit(training, "fitting for validation");
      const answers = kind.predict(judged, validation.texts);
      const all = joinRows(training, validation);
      const model = options.isTrial ? judged : await fit(all, "fitting on all rows", judged);
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

/** 2 for each feature of each text (the numbers of its vector are features too) and each column of weights. */
export function linearFlops({ vectorizer, vectors, bias, textLimit }: LinearParts, texts: readonly string[]): number {
  const columns = typeof bias === "number" ? 1 : bias.length;
  return 2 * columns * (countFeatures(vectorizer, texts, textLimit) + texts.length * (vectors?.dim ?? 0));
}

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
