// Reads a model folder. Nothing in it is executed; everything in it is checked before it is used.
import { UserError } from "../base/errors.js";
import { filePath, inFile, openFolder, whileChecking } from "../folders/index.js";
import { checkFinite } from "../formats/finite.js";
import { readSafetensors } from "../formats/safetensors-file.js";
import { type CustomLayer, restoreLayer } from "../nn/index.js";
import { inspectPlan } from "./build-graph.js";
import { checkCompile } from "./compile-options.js";
import { createModel, type Model } from "./model.js";
import { modelPlanSchema } from "./model-plan.js";
import type { TensorData } from "./tensor-data.js";
import type { TensorPlace, Topology } from "./topology.js";

export interface LoadModelOptions {
  /** Custom layers, made with defineLayer, that the model may contain. */
  layers?: readonly CustomLayer[];
}

/**
 * Loads a model saved with model.save; it gives the same predictions and can be trained further (the optimizer's moments
 * are reset).
 *
 * @throws UserError when a file is missing or damaged, was written by another version, or has an unknown layer.
 * @example
 * const model = await loadModel("folder");
 */
export async function loadModel<O extends TensorData | Record<string, TensorData> = TensorData>(
  path: string,
  { layers: custom = [] }: LoadModelOptions = {},
): Promise<Model<O>> {
  const folder = openFolder(path, "layer-model");
  const read = modelPlanSchema.safeParse(folder.facts.plan);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new UserError(`'${path}' is damaged: ${issue.path.join(".")}: ${issue.message}. Save the model again.`);
  }
  const { inputs, layers, calls, outputs, seed, epochsDone, compiled } = read.data;
  const definitions = new Map(custom.map(({ kind, definition }) => [kind, definition]));
  const plan: Topology = {
    inputs,
    layers: layers.map(({ name, kind, config }) => ({
      name,
      layer: restoreLayer({ kind, config }, name, definitions),
    })),
    calls,
    outputs,
  };
  checkPlan(plan, path);
  const weights = filePath(folder, "weights.safetensors");
  const parameters = await whileChecking(folder, async () => readWeights(plan, weights));
  return createModel<O>({
    plan,
    folder: path,
    parameters,
    seed,
    epochsDone,
    compiled: compiled && checkCompile(compiled),
    isTraining: false,
  });
}

/** Places point backwards only, so that the plan is a graph without circles; names are unique. */
function checkPlan(plan: Topology, path: string): void {
  const bad = (what: string) => new UserError(`${path} is damaged: ${what}. Save the model again.`);
  const check = (place: TensorPlace, before: number) => {
    if ("input" in place ? place.input >= plan.inputs.length : place.call >= before)
      throw bad(`it uses ${JSON.stringify(place)} before it is defined`);
  };
  for (const [i, { layer, inputs }] of plan.calls.entries()) {
    if (layer >= plan.layers.length) throw bad(`call ${i} is of layer ${layer}, but there are ${plan.layers.length}`);
    for (const place of inputs) check(place, i);
  }
  for (const { place } of plan.outputs) check(place, plan.calls.length);
  for (const list of [plan.inputs, plan.layers, plan.outputs]) {
    const names = list.map(({ name }) => name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) throw bad(`the name '${twice}' appears twice`);
  }
}

/** Numbers that a layer gives for one row. */
const mostNumbers = 2 ** 28;

/** Sizes may not fit together, or be more than any memory holds. */
function plannedParameters(plan: Topology, path: string) {
  const bad = (what: string) => new UserError(`The plan beside ${path} is damaged: ${what}. Save the model again.`);
  let planned: ReturnType<typeof inspectPlan>;
  try {
    planned = inspectPlan(plan);
  } catch (error) {
    throw bad((error as Error).message);
  }
  for (const [call, shape] of planned.callShapes.entries()) {
    const numbers = shape.reduce<number>((product, dim) => product * (typeof dim === "number" ? dim : 1), 1);
    if (!(numbers <= mostNumbers)) throw bad(`call ${call} gives ${numbers} numbers for a row`);
  }
  return planned.parameters.flat();
}

function readWeights(plan: Topology, path: string): Map<string, Float32Array> {
  const tensors = inFile(path, () => {
    const read = readSafetensors(path).tensors;
    checkFinite(read);
    return read;
  });
  const parameters = new Map<string, Float32Array>();
  for (const { name, shape } of plannedParameters(plan, path)) {
    const tensor = tensors.get(name);
    if (!tensor) throw new UserError(`${path} has no tensor '${name}', which the model needs. Save the model again.`);
    if (!(tensor.data instanceof Float32Array) || tensor.shape.join() !== shape.join())
      throw new UserError(
        `${path}: tensor '${name}' has shape (${tensor.shape.join(", ")}), but the model needs float32 (${shape.join(", ")}).`,
      );
    parameters.set(name, tensor.data);
  }
  return parameters;
}
