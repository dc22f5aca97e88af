// Dropout: in training a share of the elements is zeroed and the rest scaled up; at prediction nothing happens.
// Source: N. Srivastava et al. 2014, JMLR 15.
import { z } from "zod";
import { expectInputs } from "./expect-input.js";
import type { LayerDefinition } from "./layer.js";
import { type LayerOptions, makeLayer, rateSchema } from "./make-layer.js";

const options = z.strictObject({ rate: rateSchema.describe("share of the elements set to zero") });
type Config = z.output<typeof options>;

/**
 * @example
 * const layer = dropout(0.5);
 */
export const dropout = (rate: number, given: LayerOptions = {}) => makeLayer("dropout", options, { ...given, rate });

export const dropoutDefinition: LayerDefinition<Config> = {
  options,
  parameters(_, inputs) {
    expectInputs(inputs, 1, "one input");
    return [];
  },
  call: ({ rate }, [x], context) => ({ result: context.dropout(x, rate), mask: context.masks[0] }),
};
