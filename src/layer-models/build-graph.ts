// From a plan to a graph of tensors, for training or prediction, with fixed or named sizes.
import { type Dim, type DType, input, type Shape, type Tensor } from "../graph/index.js";
import {
  applyLayer,
  graphBuild,
  initialValues,
  type LayerResult,
  layerParameters,
  type ParameterSpec,
} from "../nn/index.js";
import type { TensorPlace, Topology } from "./topology.js";

export interface BuiltGraph {
  inputs: Tensor[];
  /** By output, in the plan's order. */
  outputs: Tensor[];
  calls: LayerResult[];
}

export interface GraphSizes {
  batch: Dim;
  /** Numbers for named sizes; a name without one stays a name. */
  named?: Readonly<Record<string, number>>;
}

export function buildGraph(plan: Topology, { batch, named = {} }: GraphSizes, training: boolean): BuiltGraph {
  const build = graphBuild(training);
  // Fixed sizes are for the executor, which takes int32; a model file takes int64, as the field's files do.
  const idType: DType = typeof batch === "number" ? "int32" : "int64";
  const inputs = plan.inputs.map(({ name, shape, dtype }) =>
    input(name, [batch, ...sized(shape, named)], dtype === "int32" ? idType : "float32"),
  );
  const calls: LayerResult[] = [];
  const callsOfLayer = new Map<number, number>();
  for (const { layer: index, inputs: from } of plan.calls) {
    const { name, layer } = plan.layers[index];
    const count = (callsOfLayer.get(index) ?? 0) + 1;
    callsOfLayer.set(index, count);
    const call = count === 1 ? name : `${name}@${count}`;
    const tensors = from.map((place) => tensorAt(place, inputs, calls));
    const masks = from.map((place) =>
      "call" in place && place.output === "result" ? calls[place.call].mask : undefined,
    );
    calls.push(applyLayer(layer, { name, call }, tensors, masks, build));
  }
  return { inputs, calls, outputs: plan.outputs.map(({ place }) => tensorAt(place, inputs, calls)) };
}

/** The model's parameters in order, each once, and the shape that each call gives. */
export function inspectPlan(plan: Topology) {
  const { inputs, calls, outputs } = buildGraph(plan, { batch: "batch" }, false);
  const parameters = new Map<number, ParameterSpec[]>();
  for (const { layer, inputs: from } of plan.calls) {
    if (parameters.has(layer)) continue;
    const shapes = from.map((place) => tensorAt(place, inputs, calls).shape);
    parameters.set(layer, layerParameters(plan.layers[layer].layer, plan.layers[layer].name, shapes));
  }
  return {
    /** By layer. */
    parameters: plan.layers.map((_, i) => parameters.get(i) ?? []),
    callShapes: calls.map(({ result }) => result.shape),
    outputShapes: outputs.map(({ shape }) => shape),
  };
}

/** First values: those that a layer brings, else the initialisers'. */
export function initialModelParameters(plan: Topology, seed: number): Map<string, Float32Array> {
  const { parameters } = inspectPlan(plan);
  const values = new Map<string, Float32Array>();
  for (const [i, { name, layer }] of plan.layers.entries())
    for (const spec of parameters[i]) {
      const given = layer.initial[spec.name.slice(name.length + 1)];
      values.set(spec.name, given?.slice() ?? initialValues(spec.initializer, spec.shape, spec.name, seed));
    }
  return values;
}

function tensorAt(place: TensorPlace, inputs: readonly Tensor[], calls: readonly LayerResult[]): Tensor {
  if ("input" in place) return inputs[place.input];
  const call = calls[place.call];
  if (place.output === "result") return call.result;
  if (!call.attention) throw new Error(`call ${place.call} has no attention weights`);
  return call.attention;
}

function sized(shape: Shape, named: Readonly<Record<string, number>>): Shape {
  return shape.map((dim) => (typeof dim === "string" ? (named[dim] ?? dim) : dim));
}
