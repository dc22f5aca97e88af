// Convolution over the positions of a sequence.
import { z } from "zod";
import { UserError } from "../base/errors.js";
import { cast, constant, conv1d as conv1dOp, greater, mul, pad, reshape, type Tensor } from "../graph/index.js";
import { activationSchema, activations } from "./activations.js";
import { sequenceWidth } from "./expect-input.js";
import type { LayerDefinition } from "./layer.js";
import { type LayerOptions, makeLayer, positiveInteger } from "./make-layer.js";

export const conv1dSchema = z.strictObject({
  filters: positiveInteger.describe("width of the result"),
  kernelSize: positiveInteger.describe("positions that a filter covers"),
  padding: z.enum(["valid", "same"]).default("valid").describe("same pads with zeros to keep the length"),
  activation: activationSchema.default("linear").describe("applied to the result"),
});
type Config = z.output<typeof conv1dSchema>;

export type Conv1dOptions = z.input<typeof conv1dSchema> & LayerOptions;

/**
 * y[t] = activation(Σ_j x[t + j − left] W[j] + b). x (batch, length, width) gives (batch, length′, filters), length′
 * being length − kernelSize + 1 for "valid" and length for "same", which pads ⌊(kernelSize − 1) / 2⌋ on the left.
 * Masked padding is read as zeros; after "valid" a position counts if its whole window is words.
 *
 * Parameters: kernel W (kernelSize, width, filters), Glorot uniform; bias b (filters), zeros.
 *
 * @example
 * const layer = conv1d({ filters: 100, kernelSize: 3, padding: "same", activation: "relu" });
 */
export const conv1d = (given: Conv1dOptions) => makeLayer("conv1d", conv1dSchema, given);

export const conv1dDefinition: LayerDefinition<Config> = {
  options: conv1dSchema,
  parameters({ filters, kernelSize, padding }, inputs) {
    const width = sequenceWidth(inputs);
    const length = inputs[0][1];
    if (padding === "valid" && typeof length === "number" && length < kernelSize)
      throw new UserError(
        `has kernelSize ${kernelSize}, longer than its input of ${length} positions; use padding "same" or a smaller kernelSize`,
      );
    return [
      { name: "kernel", shape: [kernelSize, width, filters], initializer: "glorotUniform" },
      { name: "bias", shape: [filters], initializer: "zeros" },
    ];
  },
  call({ kernelSize, padding, activation }, [x], context) {
    const [mask] = context.masks;
    const words = mask ? mul(x, reshape(mask, [...mask.shape, 1])) : x;
    const left = Math.floor((kernelSize - 1) / 2);
    const padded = padding === "same" ? pad(words, 1, left, kernelSize - 1 - left) : words;
    const y = conv1dOp(padded, context.parameter("kernel"), context.parameter("bias"));
    const isShorter = padding === "valid" && kernelSize > 1;
    return {
      result: activations[activation](y),
      mask: mask && isShorter ? fullWindows(mask, kernelSize, context.dtype) : mask,
    };
  },
};

/** 1 where all of a window's positions are words. (B, T) gives (B, T − width + 1). */
function fullWindows(mask: Tensor, width: number, dtype: "float32" | "float64"): Tensor {
  const numbers = (length: number, value: number) =>
    dtype === "float64" ? new Float64Array(length).fill(value) : new Float32Array(length).fill(value);
  const ones = constant(numbers(width, 1), [width, 1, 1], dtype);
  const half = constant(numbers(1, 0.5 - width), [1], dtype);
  const counted = conv1dOp(reshape(mask, [...mask.shape, 1]), ones, half);
  return cast(greater(reshape(counted, [counted.shape[0], counted.shape[1]]), 0), dtype);
}
