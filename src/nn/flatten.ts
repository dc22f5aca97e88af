// All of a row's numbers as one vector.
import { z } from "zod";
import { UserError } from "../base/errors.js";
import { reshape, type Shape, showShape } from "../graph/index.js";
import { expectInputs } from "./expect-input.js";
import type { LayerDefinition } from "./layer.js";
import { type LayerOptions, makeLayer } from "./make-layer.js";

const options = z.strictObject({});

/**
 * x (batch, a, b, …) gives (batch, a·b·…). The sizes must be fixed. No parameters.
 *
 * @example
 * const layer = flatten();
 */
export const flatten = (given: LayerOptions = {}) => makeLayer("flatten", options, given);

export const flattenDefinition: LayerDefinition<z.output<typeof options>> = {
  options,
  parameters(_, inputs) {
    expectInputs(inputs, 1, "one input");
    elements(inputs[0]);
    return [];
  },
  call: (_, [x]) => ({ result: reshape(x, [x.shape[0], elements(x.shape)]) }),
};

function elements(shape: Shape): number {
  return shape.slice(1).reduce<number>((product, size) => {
    if (typeof size === "number") return product * size;
    throw new UserError(
      `needs fixed sizes, got ${showShape(shape)}; give the embedding an inputLength or use a pooling`,
    );
  }, 1);
}
