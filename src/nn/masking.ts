// Says which positions of a sequence are words, where the model has an input for it (attention_mask).
import { z } from "zod";
import { UserError } from "../base/errors.js";
import { cast, showShape } from "../graph/index.js";
import type { LayerDefinition } from "./layer.js";
import { type LayerOptions, makeLayer } from "./make-layer.js";

const options = z.strictObject({});

/**
 * Called on [x, mask]: x (batch, length, …) is unchanged; following layers skip the positions where mask
 * (batch, length) is 0. No parameters.
 *
 * @example
 * const words = masking()([embedding({ vocabSize: 100, embeddingDim: 8 })(ids), attentionMask]);
 */
export const masking = (given: LayerOptions = {}) => makeLayer("masking", options, given);

export const maskingDefinition: LayerDefinition<z.output<typeof options>> = {
  options,
  parameters(_, inputs) {
    const [x, mask] = inputs;
    if (inputs.length !== 2 || x.length < 2 || mask.length !== 2 || x[1] !== mask[1])
      throw new UserError(
        `takes [x (batch, length, …), mask (batch, length)], got ${inputs.map(showShape).join(" and ")}`,
      );
    return [];
  },
  call: (_, [x, mask], context) => ({ result: x, mask: cast(mask, context.dtype) }),
};
