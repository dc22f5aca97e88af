// A model as a program holds it: compile, fit, evaluate, predict, save. The work is in the functions beside this file.
import { z } from "zod";
import { UserError } from "../base/errors.js";
import { type LayerTensor, readOptions } from "../nn/index.js";
import { createExecutor } from "../runtime/index.js";
import type { Figures } from "../train/index.js";
import { type CompileOptions, checkCompile, outputLosses } from "./compile-options.js";
import { evaluateRows } from "./evaluate.js";
import { type FitOptions, fitModel, type History } from "./fit.js";
import { builtPlan, compiledOf, dropSession, type ModelState, newState, parameterInits } from "./model-state.js";
import { type PredictOptions, predictModel } from "./predict.js";
import { readDataSet } from "./read-data-set.js";
import type { InputData } from "./read-inputs.js";
import type { TargetData } from "./read-targets.js";
import { saveModel } from "./save-model.js";
import { planFromData } from "./sequential-plan.js";
import { summarize } from "./summary.js";
import type { TensorData } from "./tensor-data.js";
import { planModel } from "./topology.js";

export interface EvaluateOptions {
  /** Rows per batch. */
  batchSize?: number;
  /** Threads; by default one per core. */
  threads?: number;
  /** Weight of each row. */
  sampleWeight?: ArrayLike<number>;
}

/** O is the result of predict: a tensor, or with several outputs one per name. */
export interface Model<O extends TensorData | Record<string, TensorData> = TensorData> {
  /** Sets loss, optimizer ("adam" at 0.001 by default) and metrics. */
  compile(options: CompileOptions): void;
  /**
   * Trains on rows x with targets y, in worker threads: this thread stays free. A second call continues where the first
   * one ended, with the optimizer's moments reset.
   *
   * @throws UserError for data that does not match the model, and when the loss becomes NaN.
   */
  fit(x: InputData, y: TargetData, options?: FitOptions): Promise<History>;
  /** Loss and metrics on the given rows, without dropout: { loss, accuracy }. */
  evaluate(x: InputData, y: TargetData, options?: EvaluateOptions): Promise<Figures>;
  /** The outputs for the given rows, without dropout; toNested converts them to lists. */
  predict(x: InputData, options?: PredictOptions): Promise<O>;
  /** A table of layers, output shapes and parameter counts. */
  summary(): string;
  /** Writes a folder with weights.safetensors and model.onnx, atomically. */
  save(folder: string): Promise<void>;
  /** Copies of the parameters by name. */
  parameters(): Map<string, Float32Array>;
  /** Replaces some parameters, by name. */
  setParameters(values: ReadonlyMap<string, Float32Array> | Readonly<Record<string, Float32Array>>): void;
  /** Frees the resources of predict; the model can still be used. */
  close(): Promise<void>;
}

const modelOptions = z.strictObject({
  inputs: z.custom<LayerTensor | readonly LayerTensor[]>((value) => typeof value === "object" && value !== null),
  outputs: z.custom<LayerTensor | readonly LayerTensor[] | Readonly<Record<string, LayerTensor>>>(
    (value) => typeof value === "object" && value !== null,
  ),
  seed: z.int().nonnegative().default(0).describe("seed of the initial parameters, shuffling and dropout"),
});

/**
 * A model between tensors, for what a chain of layers cannot express. Several outputs are a list, named after their layers,
 * or an object with names.
 *
 * @example
 * const x = input({ shape: [4] });
 * const y = dense({ units: 2, activation: "softmax" })(x);
 * const classifier = model({ inputs: x, outputs: y });
 */
export function model(options: {
  inputs: LayerTensor | readonly LayerTensor[];
  outputs: LayerTensor;
  seed?: number;
}): Model<TensorData>;
export function model(options: {
  inputs: LayerTensor | readonly LayerTensor[];
  outputs: readonly LayerTensor[] | Readonly<Record<string, LayerTensor>>;
  seed?: number;
}): Model<Record<string, TensorData>>;
export function model(options: z.input<typeof modelOptions>): Model<TensorData | Record<string, TensorData>> {
  const { inputs, outputs, seed } = readOptions("model", modelOptions, options);
  const inputList = isTensor(inputs) ? [inputs] : inputs;
  if (!Array.isArray(inputList) || inputList.length === 0)
    throw new UserError("model needs inputs: one returned by input({ shape }), or a list of them.");
  const plan = planModel(inputList, outputList(outputs));
  return createModel(newState(plan, seed), !isTensor(outputs));
}

function outputList(
  outputs: LayerTensor | readonly LayerTensor[] | Readonly<Record<string, LayerTensor>>,
): { name?: string; tensor: LayerTensor }[] {
  if (isTensor(outputs)) return [{ tensor: outputs, name: "output" }];
  const list = Array.isArray(outputs)
    ? outputs.map((tensor: LayerTensor) => ({ tensor }))
    : Object.entries(outputs as Record<string, LayerTensor>).map(([name, tensor]) => ({ name, tensor }));
  if (list.length === 0) throw new UserError("model needs at least one output.");
  return list;
}

const isTensor = (value: object): value is LayerTensor => "source" in value;

/** `named`: predict gives an object even of one output. */
export function createModel<O extends TensorData | Record<string, TensorData>>(
  state: ModelState,
  named = (state.plan?.outputs.length ?? 1) > 1,
): Model<O> {
  const ensureBuilt = (x: InputData) => {
    if (state.plan || !state.waiting) return;
    const { parameters, plan } = newState(planFromData(state.waiting, x), state.seed);
    Object.assign(state, { parameters, plan, waiting: undefined });
  };
  return {
    compile(options) {
      const compiled = checkCompile(options);
      if (state.plan) outputLosses(state.plan, compiled);
      state.compiled = compiled;
    },
    async fit(x, y, options) {
      ensureBuilt(x);
      return fitModel(state, x, y, options);
    },
    async evaluate(x, y, { batchSize = 32, threads, sampleWeight } = {}) {
      ensureBuilt(x);
      const plan = builtPlan(state);
      const compiled = compiledOf(state);
      const losses = outputLosses(plan, compiled);
      const data = readDataSet(plan, losses, x, y, { sampleWeight }, { x: "x", y: "y" });
      const executor = await createExecutor({ parameters: parameterInits(state), shards: 2, threads });
      try {
        return await evaluateRows(executor, plan, losses, compiled, data, batchSize);
      } finally {
        await executor.close();
      }
    },
    async predict(x, options) {
      ensureBuilt(x);
      const outputs = await predictModel(state, x, options);
      if (!named) return outputs[0] as O;
      return Object.fromEntries(builtPlan(state).outputs.map(({ name }, i) => [name, outputs[i]])) as O;
    },
    summary: () => summarize(builtPlan(state)),
    save: (folder) => saveModel(state, folder),
    parameters: () => new Map([...state.parameters].map(([name, data]) => [name, data.slice()])),
    setParameters(values) {
      if (state.isTraining) throw new UserError("the model is being trained: set parameters before or after fit.");
      const entries = values instanceof Map ? values : Object.entries(values as Record<string, Float32Array>);
      for (const [name, data] of entries) {
        const now = state.parameters.get(name);
        if (!now || now.length !== data.length)
          throw new UserError(
            now
              ? `parameter '${name}' has ${now.length} numbers, got ${data.length}.`
              : `the model has no parameter '${name}'; it has ${[...state.parameters.keys()].join(", ")}.`,
          );
        state.parameters.set(name, Float32Array.from(data));
      }
      void dropSession(state);
    },
    close: () => dropSession(state),
  };
}
