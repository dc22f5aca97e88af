// Scaled dot-product attention without projections. Source: A. Vaswani et al. 2017, arXiv:1706.03762, equation 1.
import { z } from "zod";
import { UserError } from "../base/errors.js";
import { reshape, type Shape, showShape, type Tensor } from "../graph/index.js";
import { attend } from "./attend.js";
import { attentionBias } from "./attention-bias.js";
import type { LayerDefinition } from "./layer.js";
import { type LayerOptions, makeLayer, rateSchema } from "./make-layer.js";

export const scaledDotProductAttentionSchema = z.strictObject({
  causal: z.boolean().default(false).describe("each position attends only to itself and earlier ones"),
  dropout: rateSchema.default(0).describe("dropout of the attention weights"),
});
type Config = z.output<typeof scaledDotProductAttentionSchema>;

export type ScaledDotProductAttentionOptions = z.input<typeof scaledDotProductAttentionSchema> & LayerOptions;

/**
 * softmax(Q Kᵀ / √d) V. Called on one tensor (batch, length, d), or on [Q, V] or [Q, K, V]: Q (batch, n, d),
 * K (batch, m, d), V (batch, m, e) give (batch, n, e). Keys masked as padding are not attended to.
 * `attentionWeights(tensor)` gives the weights (batch, 1, n, m). No parameters.
 *
 * @example
 * const mixed = scaledDotProductAttention()([question, answer]);
 */
export const scaledDotProductAttention = (given: ScaledDotProductAttentionOptions = {}) =>
  makeLayer("scaledDotProductAttention", scaledDotProductAttentionSchema, given);

export const scaledDotProductAttentionDefinition: LayerDefinition<Config> = {
  options: scaledDotProductAttentionSchema,
  parameters({ causal }, inputs) {
    if (inputs.length < 1 || inputs.length > 3)
      throw new UserError(`takes [Q, K, V], [Q, V] or one tensor for all three, got ${inputs.length} inputs`);
    const [q, k, v] = queryKeyValue(inputs);
    for (const shape of [q, k, v])
      if (shape.length !== 3)
        throw new UserError(`takes sequences of vectors (batch, length, width), got shape ${showShape(shape)}`);
    if (q[2] !== k[2])
      throw new UserError(`needs queries and keys of the same width, got shapes ${showShape(q)} and ${showShape(k)}`);
    if (k[1] !== v[1])
      throw new UserError(`needs as many keys as values, got shapes ${showShape(k)} and ${showShape(v)}`);
    if (causal && q[1] !== k[1])
      throw new UserError(
        `is causal, so queries and keys need the same length; got ${showShape(q)} and ${showShape(k)}`,
      );
    return [];
  },
  call({ causal, dropout }, inputs, context) {
    const [q, k, v] = queryKeyValue(inputs).map(asOneHead);
    const [, keyMask] = queryKeyValue(context.masks);
    const bias = attentionBias(inputs[0], keyMask, causal);
    const { result, weights } = attend(q, k, v, bias, (w) => context.dropout(w, dropout));
    const [batch, , length, width] = result.shape;
    return { result: reshape(result, [batch, length, width]), mask: context.masks[0], attention: weights };
  },
};

function queryKeyValue<T extends Shape | Tensor | undefined>(inputs: readonly T[]): [T, T, T] {
  if (inputs.length === 3) return [inputs[0], inputs[1], inputs[2]];
  const other = inputs.length === 2 ? inputs[1] : inputs[0];
  return [inputs[0], other, other];
}

const asOneHead = (x: Tensor) => reshape(x, [x.shape[0], 1, x.shape[1], x.shape[2]]);
