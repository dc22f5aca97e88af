// Reads a model folder. Nothing in it is executed; everything in it is checked before it is used.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../base/errors.js";
import { decodeSafetensors } from "../formats/safetensors.js";
import { type CustomLayer, restoreLayer } from "../nn/index.js";
import { inspectPlan } from "./build-graph.js";
import { checkCompile } from "./compile-options.js";
import { createModel, type Model } from "./model.js";
import { formatName, formatVersion, modelFileSchema } from "./model-file.js";
import type { ModelState } from "./model-state.js";
import type { TensorData } from "./tensor-data.js";
import type { Place, Topology } from "./topology.js";

export interface LoadModelOptions {
  /** The layers of the program's own, made with defineLayer, that the model may have. */
  layers?: readonly CustomLayer[];
}

/**
 * A model that was saved with model.save; it predicts the same numbers and can go on training (the optimizer's moments
 * begin anew).
 *
 * @throws UserError when a file is missing or damaged, was written by a newer version, or has a layer that is not known.
 * @example
 * const model = await loadModel("folder");
 */
export async function loadModel<O extends TensorData | Record<string, TensorData> = TensorData>(
  folder: string,
  { layers = [] }: LoadModelOptions = {},
): Promise<Model<O>> {
  if (!existsSync(folder)) throw new UserError(`there is no model folder '${folder}'; model.save writes one.`);
  if (!statSync(folder).isDirectory()) throw new UserError(`'${folder}' is a file; loadModel takes a model's folder.`);
  const file = readModelFile(join(folder, "model.json"));
  const custom = new Map(layers.map(({ kind, definition }) => [kind, definition]));
  const plan: Topology = {
    inputs: file.inputs,
    layers: file.layers.map(({ name, kind, config }) => ({
      name,
      layer: restoreLayer({ kind, config }, name, custom),
    })),
    calls: file.calls,
    outputs: file.outputs,
  };
  checkPlan(plan, join(folder, "model.json"));
  const state: ModelState = {
    plan,
    parameters: readWeights(plan, join(folder, "weights.safetensors")),
    seed: file.seed,
    epochsDone: file.epochsDone,
    compiled: file.compiled && checkCompile(file.compiled),
    isTraining: false,
  };
  return createModel<O>(state);
}

function readModelFile(path: string) {
  let json: unknown;
  try {
    json = JSON.parse(readFile(path).toString("utf8"));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${path} is damaged: it is not JSON (${(error as Error).message}). Save the model again.`);
  }
  const { format, version } = (json ?? {}) as { format?: unknown; version?: unknown };
  if (format !== formatName)
    throw new UserError(
      `${path} is not the file of a layer model: its format is ${JSON.stringify(format) ?? "missing"}.`,
    );
  if (typeof version === "number" && version > formatVersion)
    throw new UserError(
      `${path} was written by a newer version of columnist (format ${version}, this one reads ${formatVersion}): update columnist.`,
    );
  const read = modelFileSchema.safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new UserError(`${path} is damaged: ${issue.path.join(".")}: ${issue.message}. Save the model again.`);
}

/** Places point backwards only, so that the plan is a graph without circles; names are unique. */
function checkPlan(plan: Topology, path: string): void {
  const bad = (what: string) => new UserError(`${path} is damaged: ${what}. Save the model again.`);
  const check = (place: Place, before: number) => {
    if ("input" in place ? place.input >= plan.inputs.length : place.call >= before)
      throw bad(`it uses ${JSON.stringify(place)} before it is there`);
  };
  for (const [i, { layer, inputs }] of plan.calls.entries()) {
    if (layer >= plan.layers.length) throw bad(`call ${i} is of layer ${layer}, there are ${plan.layers.length}`);
    for (const place of inputs) check(place, i);
  }
  for (const { place } of plan.outputs) check(place, plan.calls.length);
  for (const list of [plan.inputs, plan.layers, plan.outputs]) {
    const names = list.map(({ name }) => name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) throw bad(`the name '${twice}' is there twice`);
  }
}

function readWeights(plan: Topology, path: string): Map<string, Float32Array> {
  const { tensors } = decodeSafetensors(readFile(path));
  const parameters = new Map<string, Float32Array>();
  for (const { name, shape } of inspectPlan(plan).parameters.flat()) {
    const tensor = tensors.get(name);
    if (!tensor) throw new UserError(`${path} has no tensor '${name}', which the model needs. Save the model again.`);
    if (!(tensor.data instanceof Float32Array) || tensor.shape.join() !== shape.join())
      throw new UserError(
        `${path}: tensor '${name}' has shape (${tensor.shape.join(", ")}), the model needs float32 (${shape.join(", ")}).`,
      );
    parameters.set(name, tensor.data);
  }
  return parameters;
}

function readFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`${path} can't be read (${code}): a model folder holds model.json and weights.safetensors.`);
  }
}
