// Gives a description its meaning: its parameters, its part of a graph, its output shape.
import { UserError } from "../base/errors.js";
import { dropout, input, parameter, type Shape, showShape, type Tensor, transpose } from "../graph/index.js";
import { transposeOp } from "../graph/ops/transpose.js";
import { layerDefinitions } from "./definitions.js";
import type {
  CustomKinds,
  InnerShapes,
  Layer,
  LayerContext,
  LayerDefinition,
  LayerDescription,
  LayerKind,
  LayerResult,
  ParameterSpec,
} from "./layer.js";

/** What all layers of one graph share. */
export interface GraphBuild {
  readonly training: boolean;
  readonly dtype: "float32" | "float64";
  /** The parameter of this full name; the same tensor whenever it is asked for. */
  parameter(name: string, shape: readonly number[]): Tensor;
}

/** A build whose parameters are leaves of the graph, one a name. */
export function graphBuild(training: boolean, dtype: "float32" | "float64" = "float32"): GraphBuild {
  const leaves = new Map<string, Tensor>();
  return {
    training,
    dtype,
    parameter(name, shape) {
      const leaf = leaves.get(name) ?? parameter(name, shape, dtype);
      leaves.set(name, leaf);
      return leaf;
    },
  };
}

/** The layer's parameters under "name/…"; an error where it can't take inputs of these shapes (batch first). */
export function layerParameters(
  layer: LayerDescription,
  name: string,
  inputs: readonly Shape[],
  outer?: CustomKinds,
): ParameterSpec[] {
  const { definition, custom } = meaningOf(layer, outer);
  return explained(layer, name, inputs, () =>
    definition
      .parameters(layer.config, inputs, innerShapes(custom))
      .map((spec) => ({ ...spec, name: `${name}/${spec.name}` })),
  );
}

/** The definition of a layer, and of the custom layers that it may hold: its own, and those of the layer around it. */
function meaningOf(layer: LayerDescription & Partial<Layer>, outer: CustomKinds = new Map()) {
  const custom = layer.custom?.size ? new Map([...outer, ...layer.custom]) : outer;
  const definition: LayerDefinition<unknown> | undefined =
    custom.get(layer.kind) ?? layerDefinitions[layer.kind as LayerKind];
  if (!definition) throw new Error(`there is no layer of kind '${layer.kind}'`);
  return { definition, custom };
}

const innerShapes = (custom: CustomKinds): InnerShapes => ({
  parameters: (layer, name, inputs) => layerParameters(layer, name, inputs, custom),
  outputShape: (layer, inputs) =>
    applyLayer(
      layer,
      { name: "", call: "" },
      inputs.map((shape, i) => input(`x${i}`, shape, layer.kind === "embedding" ? "int64" : "float32")),
      [],
      graphBuild(false),
      custom,
    ).result.shape,
});

/**
 * Builds the layer's part of a graph. `name` is the layer's, under which its parameters stand; `call` tells this call
 * from others of the same layer, for the names of dropout masks.
 */
export function applyLayer(
  layer: LayerDescription,
  { name, call }: { name: string; call: string },
  inputs: readonly Tensor[],
  masks: LayerContext["masks"],
  build: GraphBuild,
  outer?: CustomKinds,
): LayerResult {
  const { definition, custom } = meaningOf(layer, outer);
  const shapes = inputs.map(({ shape }) => shape);
  const specs = new Map(layerParameters(layer, name, shapes, custom).map((spec) => [spec.name, spec]));
  const context: LayerContext = {
    training: build.training,
    dtype: build.dtype,
    masks,
    parameter(local) {
      const spec = specs.get(`${name}/${local}`);
      if (!spec) throw new Error(`layer ${layer.kind} has no parameter '${local}'`);
      return build.parameter(spec.name, spec.shape);
    },
    dropout: (x, rate, local = "dropout") => (build.training ? dropped(x, rate, `${call}/${local}`) : x),
    inner: (inner, local, innerInputs, innerMasks) =>
      applyLayer(inner, { name: `${name}/${local}`, call: `${call}/${local}` }, innerInputs, innerMasks, build, custom),
  };
  return explained(layer, name, shapes, () => definition.call(layer.config, inputs, context));
}

/** Dropout of a transposed tensor is a transposed dropout: so the transposes around it can cancel. */
function dropped(x: Tensor, rate: number, name: string): Tensor {
  if (x.node.op !== transposeOp) return dropout(x, rate, name);
  return transpose(dropout(x.node.inputs[0], rate, name), x.node.attributes as readonly number[]);
}

function explained<T>(layer: LayerDescription, name: string, inputs: readonly Shape[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof UserError)
      throw message.startsWith("layer '") ? error : new UserError(`layer '${name}' (${layer.kind}) ${message}.`);
    throw new Error(`layer '${name}' (${layer.kind}) on ${inputs.map(showShape).join(", ")}: ${message}`, {
      cause: error,
    });
  }
}
