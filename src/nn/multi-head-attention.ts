// Multi-head self-attention. Source: A. Vaswani et al. 2017, arXiv:1706.03762, section 3.2.2.
import { z } from "zod";
import { sequenceWidth } from "./expect-input.js";
import type { LayerDefinition } from "./layer.js";
import { type LayerOptions, makeLayer, positiveInteger, rateSchema } from "./make-layer.js";
import { type SelfAttention, selfAttention, selfAttentionParameters } from "./self-attention.js";

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
  parameters: (config, inputs) =>
    selfAttentionParameters(arranged(config), sequenceWidth(inputs), () => ({
      initializer: "glorotUniform",
      isHidden: true,
    })),
  call: (config, [x], context) => selfAttention(arranged(config), x, context),
};

const arranged = (config: Config): SelfAttention => ({
  ...config,
  useBias: true,
  dropoutName: "dropout",
  prefix: "",
});
