// One encoder block: self-attention and a feed-forward part, each with a residual sum and a layer normalisation.
// Sources: A. Vaswani et al. 2017, arXiv:1706.03762 (norm after the sum, as BERT has it); R. Xiong et al. 2020,
// arXiv:2002.04745 (norm first).
import { z } from "zod";
import { sequenceWidth } from "./expect-input.js";
import type { LayerDefinition } from "./layer.js";
import { type LayerOptions, makeLayer, positiveInteger, rateSchema } from "./make-layer.js";
import { type TransformerBlock, transformerBlock, transformerBlockParameters } from "./transformer-block.js";

export const transformerEncoderBlockSchema = z.strictObject({
  heads: positiveInteger.describe("attention heads; they split the width evenly"),
  feedForwardSize: positiveInteger.describe("width between the two dense layers"),
  activation: z.enum(["gelu", "relu"]).default("gelu").describe("between the two dense layers"),
  normFirst: z.boolean().default(true).describe("false normalises after the residual sum, like BERT"),
  dropout: rateSchema.default(0.1).describe("dropout of both parts' results and of the attention weights"),
  causal: z.boolean().default(false).describe("each position attends only to itself and earlier ones"),
  epsilon: z.number().positive().default(1e-5).describe("epsilon of the layer normalisations"),
});
type Config = z.output<typeof transformerEncoderBlockSchema>;

export type TransformerEncoderBlockOptions = z.input<typeof transformerEncoderBlockSchema> & LayerOptions;

/**
 * x (batch, length, width) gives the same shape. normFirst: x + f(norm(x)) for attention, then for the feed-forward
 * part; otherwise norm(x + f(x)). Padding that a mask marks is not attended to. `attentionWeights(tensor)` gives the
 * weights (batch, heads, length, length).
 *
 * Parameters: attention/… as in multiHeadAttention, norm1 and norm2 (gamma, beta), feedForward1 and feedForward2
 * (kernel, bias).
 *
 * @example
 * const bertLayer = transformerEncoderBlock({ heads: 12, feedForwardSize: 3072, normFirst: false, epsilon: 1e-12 });
 */
export const transformerEncoderBlock = (given: TransformerEncoderBlockOptions) =>
  makeLayer("transformerEncoderBlock", transformerEncoderBlockSchema, given);

export const transformerEncoderBlockDefinition: LayerDefinition<Config> = {
  options: transformerEncoderBlockSchema,
  parameters(config, inputs) {
    const parts = transformerBlockParameters(arranged(config), sequenceWidth(inputs), (name) => ({
      initializer: "glorotUniform",
      ...(name.startsWith("attention/") && { isHidden: true }),
    }));
    return [...parts.attention, ...parts.norm1, ...parts.feedForward, ...parts.norm2];
  },
  call: (config, [x], context) => transformerBlock(arranged(config), x, context),
};

function arranged({
  heads,
  feedForwardSize,
  activation,
  normFirst,
  dropout,
  causal,
  epsilon,
}: Config): TransformerBlock {
  return {
    attention: {
      heads,
      useBias: true,
      causal,
      dropout,
      dropoutName: "attention/dropout",
      prefix: "attention/",
    },
    feedForward: {
      size: feedForwardSize,
      activation,
      useBias: true,
      names: { expand: "feedForward1", gate: "feedForwardGate", project: "feedForward2" },
    },
    norm: "layer",
    normFirst,
    epsilon,
    dropout,
  };
}
