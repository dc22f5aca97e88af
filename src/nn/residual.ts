// x + f(x), f being layers in a row. Source: K. He et al. 2015, arXiv:1512.03385.
import { z } from "zod";
import { UserError } from "../base/errors.js";
import { add, type Shape, sameShape, showShape } from "../graph/index.js";
import { expectInputs } from "./expect-input.js";
import type { InnerShapes, Layer, LayerDefinition, LayerDescription } from "./layer.js";
import { type LayerOptions, makeLayer } from "./make-layer.js";

const options = z.strictObject({
  layers: z
    .array(z.strictObject({ kind: z.string(), config: z.record(z.string(), z.unknown()) }))
    .min(1)
    .describe("the layers of f, each with one input"),
});
type Config = z.output<typeof options>;

/**
 * x + f(x); f must give the shape of x. Parameters: those of the layers, under their number: "0/kernel".
 *
 * @example
 * const layer = residual([layerNormalization(), dense({ units: 8, activation: "relu" })]);
 */
export function residual(layers: readonly Layer[], given: LayerOptions = {}) {
  const initial = Object.fromEntries(
    layers.flatMap((layer, i) => Object.entries(layer.initial).map(([name, data]) => [`${i}/${name}`, data])),
  );
  const descriptions = layers.map(({ kind, config }) => ({ kind, config: { ...config } }));
  const custom = new Map(layers.flatMap((layer) => [...layer.custom]));
  return makeLayer("residual", options, { ...given, layers: descriptions }, initial, custom);
}

export const residualDefinition: LayerDefinition<Config> = {
  options,
  parameters({ layers }, inputs, inner) {
    expectInputs(inputs, 1, "one input");
    const parameters = layers.flatMap((layer, i) =>
      inner.parameters(layer, String(i), [shapeBefore(layers, i, inputs[0], inner)]),
    );
    const result = shapeBefore(layers, layers.length, inputs[0], inner);
    if (!sameShape(result, inputs[0]))
      throw new UserError(
        `adds x of shape ${showShape(inputs[0])} to f(x) of shape ${showShape(result)}: the shapes must be equal`,
      );
    return parameters;
  },
  call({ layers }, [x], context) {
    let result = x;
    let mask = context.masks[0];
    for (const [i, layer] of layers.entries()) ({ result, mask } = context.inner(layer, String(i), [result], [mask]));
    return { result: add(x, result), mask: context.masks[0] };
  },
};

function shapeBefore(layers: readonly LayerDescription[], count: number, shape: Shape, inner: InnerShapes): Shape {
  return layers.slice(0, count).reduce((before, layer) => inner.outputShape(layer, [before]), shape);
}
