// Gives a description its meaning: its parameters, its part of a graph, its output shape.
import { UserError } from "../base/errors.js";
import { dropout, input, type Shape, showShape, type Tensor, transpose } from "../graph/index.js";
import { transposeOp } from "../graph/ops/transpose.js";
import { layerDefinitions } from "./definitions.js";
import { type GraphBuild, graphBuild, type ProductWeights, separateProducts } from "./graph-build.js";
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
  Past,
} from "./layer.js";

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
 * from others of the same layer, for the names of dropout masks; `past` is for a text that is read step by step.
 */
export function applyLayer(
  layer: LayerDescription,
  { name, call, past }: { name: string; call: string; past?: Past },
  inputs: readonly Tensor[],
  masks: LayerContext["masks"],
  build: GraphBuild,
  outer?: CustomKinds,
): LayerResult {
  const { definition, custom } = meaningOf(layer, outer);
  const shapes = inputs.map(({ shape }) => shape);
  const specs = new Map(layerParameters(layer, name, shapes, custom).map((spec) => [spec.name, spec]));
  const specOf = (local: string) => {
    const spec = specs.get(`${name}/${local}`);
    if (!spec) throw new Error(`layer ${layer.kind} has no parameter '${local}'`);
    return spec;
  };
  const context: LayerContext = {
    training: build.training,
    dtype: build.dtype,
    fusesAttention: build.fusesAttention,
    masks,
    past,
    parameter(local) {
      const spec = specOf(local);
      return build.parameter(spec.name, spec.shape);
    },
    products(x, names) {
      const weights = names.map((local): ProductWeights => {
        const part = local === "" ? "" : `${local}/`;
        const { name: kernel, shape } = specOf(`${part}kernel`);
        const bias = specs.get(`${name}/${part}bias`)?.name;
        return { kernel, size: [shape[0], shape[1]], ...(bias !== undefined && { bias }) };
      });
      return build.products?.(x, weights) ?? separateProducts(build, x, weights);
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
