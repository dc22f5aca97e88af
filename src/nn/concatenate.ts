// Several tensors side by side.
import { z } from "zod";
import { UserError } from "../base/errors.js";
import { concat, type Shape, sameShape, showShape } from "../graph/index.js";
import type { LayerDefinition } from "./layer.js";
import { type LayerOptions, makeLayer } from "./make-layer.js";
import { mergeMasks } from "./merge-masks.js";

export const concatenateSchema = z.strictObject({
  axis: z.int().default(-1).describe("axis to concatenate along; −1 is the last; 0, the batch, is not allowed"),
});
type Config = z.output<typeof concatenateSchema>;

export type ConcatenateOptions = z.input<typeof concatenateSchema> & LayerOptions;

/**
 * Called on two or more tensors that differ in only one axis. No parameters.
 *
 * @example
 * const y = concatenate()([left, right]);
 */
export const concatenate = (given: ConcatenateOptions = {}) => makeLayer("concatenate", concatenateSchema, given);

export const concatenateDefinition: LayerDefinition<Config> = {
  options: concatenateSchema,
  parameters({ axis }, inputs) {
    if (inputs.length < 2) throw new UserError(`takes two or more tensors, got ${inputs.length}`);
    const at = resolve(axis, inputs[0]);
    if (at < 1 || at >= inputs[0].length)
      throw new UserError(`has axis ${axis}, which ${showShape(inputs[0])} does not have after the batch`);
    for (const shape of inputs) {
      if (shape.length !== inputs[0].length || !sameShape(shape.with(at, 1), inputs[0].with(at, 1)))
        throw new UserError(`takes tensors that differ only in axis ${at}, got ${inputs.map(showShape).join(" and ")}`);
      if (typeof shape[at] !== "number")
        throw new UserError(`needs fixed sizes along axis ${at}, got ${showShape(shape)}`);
    }
    return [];
  },
  call({ axis }, inputs, context) {
    const at = resolve(axis, inputs[0].shape);
    return { result: concat(inputs, at), mask: at === 1 ? undefined : mergeMasks(context.masks) };
  },
};

const resolve = (axis: number, shape: Shape) => (axis < 0 ? axis + shape.length : axis);
