// The sum of several tensors: residual connections written by hand.
import { z } from "zod";
import { UserError } from "../base/errors.js";
import { add as addOp, sameShape, showShape } from "../graph/index.js";
import type { LayerDefinition } from "./layer.js";
import { type LayerOptions, makeLayer } from "./make-layer.js";
import { mergeMasks } from "./merge-masks.js";

const options = z.strictObject({});

/**
 * Called on two or more tensors of the same shape. No parameters.
 *
 * @example
 * const y = add()([x, dense({ units: 8 })(x)]);
 */
export const add = (given: LayerOptions = {}) => makeLayer("add", options, given);

export const addDefinition: LayerDefinition<z.output<typeof options>> = {
  options,
  parameters(_, inputs) {
    if (inputs.length < 2) throw new UserError(`takes two or more tensors, got ${inputs.length}`);
    for (const shape of inputs)
      if (!sameShape(shape, inputs[0]))
        throw new UserError(`takes tensors of the same shape, got ${showShape(inputs[0])} and ${showShape(shape)}`);
    return [];
  },
  call: (_, inputs, context) => ({ result: inputs.reduce((a, b) => addOp(a, b)), mask: mergeMasks(context.masks) }),
};
