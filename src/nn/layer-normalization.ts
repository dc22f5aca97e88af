// Layer normalisation over the last axis. Source: J. L. Ba, J. R. Kiros, G. E. Hinton 2016, arXiv:1607.06450.
import { z } from "zod";
import { layerNorm } from "../graph/index.js";
import { lastWidth } from "./expect-input.js";
import type { LayerDefinition } from "./layer.js";
import { type LayerOptions, makeLayer } from "./make-layer.js";

export const layerNormalizationSchema = z.strictObject({
  epsilon: z.number().positive().default(1e-3).describe("added to the variance; Keras uses 1e-3, PyTorch 1e-5"),
});
type Config = z.output<typeof layerNormalizationSchema>;

export type LayerNormalizationOptions = z.input<typeof layerNormalizationSchema> & LayerOptions;

/**
 * (x − mean) / √(variance + ε) · γ + β over the last axis; the shape is unchanged.
 *
 * Parameters: gamma (width), ones; beta (width), zeros.
 *
 * @example
 * const layer = layerNormalization({ epsilon: 1e-5 });
 */
export const layerNormalization = (given: LayerNormalizationOptions = {}) =>
  makeLayer("layerNormalization", layerNormalizationSchema, given);

export const layerNormalizationDefinition: LayerDefinition<Config> = {
  options: layerNormalizationSchema,
  parameters(_, inputs) {
    const width = lastWidth(inputs);
    return [
      { name: "gamma", shape: [width], initializer: "ones" },
      { name: "beta", shape: [width], initializer: "zeros" },
    ];
  },
  call: ({ epsilon }, [x], context) => ({
    result: layerNorm(x, context.parameter("gamma"), context.parameter("beta"), epsilon),
    mask: context.masks[0],
  }),
};
