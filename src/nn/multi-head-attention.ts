// Multi-head self-attention. Source: A. Vaswani et al. 2017, arXiv:1706.03762, section 3.2.2.
import { z } from "zod";
import { UserError } from "../base/errors.js";
import { fixed, linear, reshape, type Tensor, transpose } from "../graph/index.js";
import { attend } from "./attend.js";
import { attentionBias } from "./attention-bias.js";
import { sequenceWidth } from "./expect-input.js";
import type { LayerDefinition, ParameterSpec } from "./layer.js";
import { type LayerOptions, makeLayer, positiveInteger, rateSchema } from "./make-layer.js";

export const multiHeadAttentionSchema = z.strictObject({
  heads: positiveInteger.describe("heads; they split the width evenly"),
  causal: z.boolean().default(false).describe("each position attends only to itself and earlier ones"),
  dropout: rateSchema.default(0).describe("dropout of the attention weights"),
});
type Config = z.output<typeof multiHeadAttentionSchema>;

export type MultiHeadAttentionOptions = z.input<typeof multiHeadAttentionSchema> & LayerOptions;

/**
 * x (batch, length, width) gives the same shape: softmax(Q Kᵀ / √d) V in each head, then a projection. Padding that a
 * mask marks is not attended to. `attentionWeights(tensor)` gives the weights (batch, heads, length, length).
 *
 * Parameters: query, key, value, output, each kernel (width, width), Glorot uniform, and bias (width), zeros.
 *
 * @example
 * const layer = multiHeadAttention({ heads: 4, causal: true });
 */
export const multiHeadAttention = (given: MultiHeadAttentionOptions) =>
  makeLayer("multiHeadAttention", multiHeadAttentionSchema, given);

export const multiHeadAttentionDefinition: LayerDefinition<Config> = {
  options: multiHeadAttentionSchema,
  parameters({ heads }, inputs) {
    const width = sequenceWidth(inputs);
    if (width % heads !== 0)
      throw new UserError(`has ${heads} heads, which do not divide the width ${width}; choose another number of heads`);
    return ["query", "key", "value", "output"].flatMap((part): ParameterSpec[] => [
      { name: `${part}/kernel`, shape: [width, width], initializer: "glorotUniform", isHidden: true },
      { name: `${part}/bias`, shape: [width], initializer: "zeros" },
    ]);
  },
  call({ heads, causal, dropout }, [x], context) {
    const [mask] = context.masks;
    const project = (part: string, from: Tensor) =>
      linear(from, context.parameter(`${part}/kernel`), context.parameter(`${part}/bias`));
    const [q, k, v] = ["query", "key", "value"].map((part) => splitHeads(project(part, x), heads));
    const { result, weights } = attend(q, k, v, attentionBias(x, mask, causal), (w) => context.dropout(w, dropout));
    return { result: project("output", mergeHeads(result)), mask, attention: weights };
  },
};

/** (B, T, C) to (B, heads, T, C / heads). */
function splitHeads(x: Tensor, heads: number): Tensor {
  const [batch, length, width] = x.shape;
  return transpose(reshape(x, [batch, length, heads, fixed(width, "attention") / heads]), [0, 2, 1, 3]);
}

/** (B, heads, T, d) to (B, T, heads · d). */
function mergeHeads(x: Tensor): Tensor {
  const [batch, heads, length, size] = x.shape;
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, length, fixed(heads, "attention") * fixed(size, "attention")]);
}
