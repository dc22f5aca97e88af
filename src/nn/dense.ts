// Fully connected layer over the last axis. Does not know what comes before it.
import { z } from "zod";
import { activationSchema, activations } from "./activations.js";
import { lastWidth } from "./expect-input.js";
import type { LayerDefinition } from "./layer.js";
import { type LayerOptions, makeLayer, positiveInteger } from "./make-layer.js";

export const denseSchema = z.strictObject({
  units: positiveInteger.describe("width of the result"),
  activation: activationSchema.default("linear").describe("applied to x W + b"),
  useBias: z.boolean().default(true).describe("whether to add the bias b"),
});
type Config = z.output<typeof denseSchema>;

export type DenseOptions = z.input<typeof denseSchema> & LayerOptions;

/**
 * activation(x W + b). x (batch, …, width) gives (batch, …, units).
 *
 * Parameters: kernel W (width, units), Glorot uniform; bias b (units), zeros.
 *
 * @example
 * const layer = dense({ units: 3, activation: "softmax" });
 */
export const dense = (given: DenseOptions) => makeLayer("dense", denseSchema, given);

export const denseDefinition: LayerDefinition<Config> = {
  options: denseSchema,
  parameters({ units, useBias }, inputs) {
    const kernel = { name: "kernel", shape: [lastWidth(inputs), units], initializer: "glorotUniform" as const };
    return useBias ? [kernel, { name: "bias", shape: [units], initializer: "zeros" }] : [kernel];
  },
  call({ activation }, [x], context) {
    const [y] = context.products(x, [""]);
    return { result: activations[activation](y), mask: context.masks[0] };
  },
};
