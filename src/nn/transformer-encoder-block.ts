// One encoder block: self-attention and a feed-forward part, each with a residual sum and a layer normalisation.
// Sources: A. Vaswani et al. 2017, arXiv:1706.03762 (norm after the sum, as BERT has it); R. Xiong et al. 2020,
// arXiv:2002.04745 (norm first).
import { z } from "zod";
import { add, type Tensor } from "../graph/index.js";
import { sequenceWidth } from "./expect-input.js";
import type { LayerContext, LayerDefinition, LayerDescription } from "./layer.js";
import { type LayerOptions, makeLayer, positiveInteger, rateSchema } from "./make-layer.js";

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
  parameters(config, inputs, inner) {
    const width = sequenceWidth(inputs);
    const parts = partsOf(config, width);
    const wide = [...inputs[0].slice(0, 2), config.feedForwardSize];
    return [
      ...inner.parameters(parts.attention, "attention", inputs),
      ...inner.parameters(parts.norm, "norm1", inputs),
      ...inner.parameters(parts.feedForward1, "feedForward1", inputs),
      ...inner.parameters(parts.feedForward2, "feedForward2", [wide]),
      ...inner.parameters(parts.norm, "norm2", inputs),
    ];
  },
  call(config, [x], context) {
    const parts = partsOf(config, x.shape[2] as number);
    const [mask] = context.masks;
    let weights: Tensor | undefined;
    const attend = (t: Tensor) => {
      const { result, attention } = context.inner(parts.attention, "attention", [t], [mask]);
      weights = attention;
      return context.dropout(result, config.dropout, "attentionDropout");
    };
    const feedForward = (t: Tensor) => {
      const wide = apply(context, parts.feedForward1, "feedForward1", t);
      const narrow = apply(context, parts.feedForward2, "feedForward2", wide);
      return context.dropout(narrow, config.dropout, "feedForwardDropout");
    };
    const around = (t: Tensor, part: (t: Tensor) => Tensor, norm: string) =>
      config.normFirst
        ? add(t, part(apply(context, parts.norm, norm, t)))
        : apply(context, parts.norm, norm, add(t, part(t)));
    const result = around(around(x, attend, "norm1"), feedForward, "norm2");
    return { result, mask, attention: weights };
  },
};

function partsOf({ heads, causal, dropout, epsilon, feedForwardSize, activation }: Config, width: number) {
  const dense = (units: number, activation: string): LayerDescription => ({
    kind: "dense",
    config: { units, activation, useBias: true },
  });
  return {
    attention: { kind: "multiHeadAttention", config: { heads, causal, dropout } },
    norm: { kind: "layerNormalization", config: { epsilon } },
    feedForward1: dense(feedForwardSize, activation),
    feedForward2: dense(width, "linear"),
  } satisfies Record<string, LayerDescription>;
}

function apply(context: LayerContext, layer: LayerDescription, name: string, x: Tensor): Tensor {
  return context.inner(layer, name, [x], []).result;
}
