// One decoder block: causal self-attention and a feed-forward part, each on a normalised input, each added to x. Its
// options cover the arrangements of GPT-2 (A. Radford et al. 2019), of Llama (H. Touvron et al. 2023, arXiv:2302.13971)
// and newer ones.
import { z } from "zod";
import { sequenceWidth } from "./expect-input.js";
import type { LayerDefinition } from "./layer.js";
import { type LayerOptions, makeLayer, positiveInteger, rateSchema } from "./make-layer.js";
import { type TransformerBlock, transformerBlock, transformerBlockParameters } from "./transformer-block.js";

export const transformerDecoderBlockSchema = z.strictObject({
  heads: positiveInteger.describe("query heads; they split the width evenly"),
  keyValueHeads: positiveInteger
    .optional()
    .describe("key-value heads, each shared by an equal number of query heads; by default one per query head"),
  feedForwardSize: positiveInteger.describe("width between the two products"),
  feedForward: z
    .enum(["gelu", "swiglu", "squaredRelu"])
    .default("gelu")
    .describe("activation between the two products; swiglu has a third product as its gate"),
  norm: z.enum(["layer", "rms"]).default("layer").describe("kind of normalisation"),
  rotaryLength: positiveInteger
    .max(2 ** 16)
    .optional()
    .describe("rotary position embeddings for at most this many positions; by default none"),
  rotaryBase: z.number().positive().default(10000).describe("base of the rotation's wavelengths"),
  rotaryPairs: z
    .enum(["halves", "adjacent"])
    .default("halves")
    .describe("which features of a head turn together: i and i + half its width, or 2i and 2i + 1"),
  queryKeyNorm: z.boolean().default(false).describe("whether queries and keys are normalised in each head"),
  useBias: z.boolean().default(true).describe("whether products have a bias"),
  causal: z.boolean().default(true).describe("each position attends only to itself and earlier ones"),
  dropout: rateSchema.default(0).describe("dropout of both parts' results and of the attention weights"),
  epsilon: z.number().positive().default(1e-5).describe("epsilon of the normalisations"),
  deviation: z.number().min(0).default(0.02).describe("standard deviation of the initial kernels"),
  outputDeviation: z
    .number()
    .min(0)
    .default(0.02)
    .describe("standard deviation of the two kernels that write to the residual sum"),
});
type Config = z.output<typeof transformerDecoderBlockSchema>;

export type TransformerDecoderBlockOptions = z.input<typeof transformerDecoderBlockSchema> & LayerOptions;

/**
 * x (batch, length, width) gives the same shape: x + attention(norm(x)), then + feedForward(norm(x)). Padding that a mask
 * marks is not attended to. `attentionWeights(tensor)` gives the weights (batch, heads, length, length).
 *
 * Parameters: norm1, norm2 (gamma, beta where the norm is "layer"); attention/query, key, value, output and
 * feedForward/expand, gate (swiglu), project, each kernel (in, out), normal, and bias (out), zeros;
 * attention/queryNorm, keyNorm gamma (width / heads) with queryKeyNorm.
 *
 * @example
 * const llama = transformerDecoderBlock({
 *   heads: 8, keyValueHeads: 2, feedForwardSize: 688, feedForward: "swiglu", norm: "rms", rotaryLength: 512, useBias: false,
 * });
 */
export const transformerDecoderBlock = (given: TransformerDecoderBlockOptions) =>
  makeLayer("transformerDecoderBlock", transformerDecoderBlockSchema, given);

export const transformerDecoderBlockDefinition: LayerDefinition<Config> = {
  options: transformerDecoderBlockSchema,
  parameters(config, inputs) {
    const { deviation, outputDeviation } = config;
    const parts = transformerBlockParameters(arranged(config), sequenceWidth(inputs), (name) => ({
      initializer: { normal: name === "attention/output" || name === names.project ? outputDeviation : deviation },
      isHidden: true,
    }));
    return [...parts.norm1, ...parts.attention, ...parts.norm2, ...parts.feedForward];
  },
  call: (config, [x], context) => transformerBlock(arranged(config), x, context),
};

const names = { expand: "feedForward/expand", gate: "feedForward/gate", project: "feedForward/project" };

function arranged(config: Config): TransformerBlock {
  const { heads, keyValueHeads, useBias, causal, dropout, epsilon, norm } = config;
  return {
    attention: {
      heads,
      keyValueHeads,
      useBias,
      causal,
      rotary:
        config.rotaryLength === undefined
          ? undefined
          : { maxLength: config.rotaryLength, base: config.rotaryBase, pairs: config.rotaryPairs },
      queryKeyNorm: config.queryKeyNorm ? { epsilon } : undefined,
      dropout,
      dropoutName: "dropout",
      prefix: "attention/",
    },
    feedForward: { size: config.feedForwardSize, activation: config.feedForward, useBias, names },
    norm,
    normFirst: true,
    epsilon,
    dropout,
  };
}
