// A row's numbers under another shape.
import { z } from "zod";
import { UserError } from "../base/errors.js";
import { reshape as reshapeOp, showShape } from "../graph/index.js";
import { expectInputs } from "./expect-input.js";
import type { LayerDefinition } from "./layer.js";
import { type LayerOptions, makeLayer, positiveInteger } from "./make-layer.js";

const options = z.strictObject({
  targetShape: z.array(positiveInteger).min(1).describe("sizes without the batch"),
});
type Config = z.output<typeof options>;

/**
 * x (batch, …) gives (batch, …targetShape), the numbers in the same order. No parameters.
 *
 * @example
 * const layer = reshape([4, 8]);
 */
export const reshape = (targetShape: number[], given: LayerOptions = {}) =>
  makeLayer("reshape", options, { ...given, targetShape });

export const reshapeDefinition: LayerDefinition<Config> = {
  options,
  parameters({ targetShape }, inputs) {
    expectInputs(inputs, 1, "one input");
    const sizes = inputs[0].slice(1);
    const product = (list: readonly unknown[]) => list.reduce<number>((p, size) => p * Number(size), 1);
    if (product(sizes) !== product(targetShape))
      throw new UserError(
        `gives ${product(targetShape)} numbers per row (${targetShape}), but its input is ${showShape(inputs[0])}`,
      );
    return [];
  },
  call: ({ targetShape }, [x]) => ({ result: reshapeOp(x, [x.shape[0], ...targetShape]) }),
};
