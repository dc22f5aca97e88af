// The mean of each feature over all positions that are words.
import { z } from "zod";
import { add, div, mul, reduceMean, reduceSum, relu, reshape, sub } from "../graph/index.js";
import { sequenceWidth } from "./expect-input.js";
import type { LayerDefinition } from "./layer.js";
import { type LayerOptions, makeLayer } from "./make-layer.js";

const options = z.strictObject({});

/**
 * x (batch, length, width) gives (batch, width). A row that is all padding gives zeros. No parameters.
 *
 * @example
 * const layer = globalAveragePooling();
 */
export const globalAveragePooling = (given: LayerOptions = {}) => makeLayer("globalAveragePooling", options, given);

export const globalAveragePoolingDefinition: LayerDefinition<z.output<typeof options>> = {
  options,
  parameters(_, inputs) {
    sequenceWidth(inputs);
    return [];
  },
  call(_, [x], context) {
    const [mask] = context.masks;
    if (!mask) return { result: reduceMean(x, [1], { keepDims: false }) };
    const sum = reduceSum(mul(x, reshape(mask, [...mask.shape, 1])), [1], { keepDims: false });
    const count = add(relu(sub(reduceSum(mask, [1]), 1)), 1);
    return { result: div(sum, count) };
  },
};
