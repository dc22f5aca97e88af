// Root-mean-square normalisation over the last axis. Source: B. Zhang, R. Sennrich 2019, arXiv:1910.07467.
import { z } from "zod";
import { rmsNorm } from "../graph/index.js";
import { lastWidth } from "./expect-input.js";
import type { LayerDefinition } from "./layer.js";
import { type LayerOptions, makeLayer } from "./make-layer.js";

export const rmsNormalizationSchema = z.strictObject({
  epsilon: z.number().positive().default(1e-5).describe("added to the mean square"),
});
type Config = z.output<typeof rmsNormalizationSchema>;

export type RmsNormalizationOptions = z.input<typeof rmsNormalizationSchema> & LayerOptions;

/**
 * x / √(mean(x²) + ε) · γ over the last axis; the shape is unchanged.
 *
 * Parameters: gamma (width), ones.
 *
 * @example
 * const layer = rmsNormalization();
 */
export const rmsNormalization = (given: RmsNormalizationOptions = {}) =>
  makeLayer("rmsNormalization", rmsNormalizationSchema, given);

export const rmsNormalizationDefinition: LayerDefinition<Config> = {
  options: rmsNormalizationSchema,
  parameters: (_, inputs) => [{ name: "gamma", shape: [lastWidth(inputs)], initializer: "ones" }],
  call: ({ epsilon }, [x], context) => ({
    result: rmsNorm(x, context.parameter("gamma"), epsilon),
    mask: context.masks[0],
  }),
};
