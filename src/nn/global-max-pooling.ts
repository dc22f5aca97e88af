// The largest value of each feature over all positions that are words.
import { z } from "zod";
import { add, maxOverTime, mul, reduceMax, reshape, sub } from "../graph/index.js";
import { sequenceWidth } from "./expect-input.js";
import type { LayerDefinition } from "./layer.js";
import { type LayerOptions, makeLayer } from "./make-layer.js";

const options = z.strictObject({});
const farBelow = 1e9;

/**
 * x (batch, length, width) gives (batch, width). A row that is all padding gives zeros. No parameters.
 *
 * @example
 * const layer = globalMaxPooling();
 */
export const globalMaxPooling = (given: LayerOptions = {}) => makeLayer("globalMaxPooling", options, given);

export const globalMaxPoolingDefinition: LayerDefinition<z.output<typeof options>> = {
  options,
  parameters(_, inputs) {
    sequenceWidth(inputs);
    return [];
  },
  call(_, [x], context) {
    const [mask] = context.masks;
    if (!mask) return { result: maxOverTime(x) };
    const padding = mul(sub(reshape(mask, [...mask.shape, 1]), 1), farBelow);
    return { result: mul(maxOverTime(add(x, padding)), reduceMax(mask, [1])) };
  },
};
