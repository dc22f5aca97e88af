// One decoder block: causal self-attention and a feed-forward part, each on a normalised input, each added to x. Its
// options cover the arrangements of GPT-2 (A. Radford et al. 2019), of Llama (H. Touvron et al. 2023, arXiv:2302.13971)
// and newer ones.
import { z } from "zod";
import { UserError } from "../base/errors.js";
import {
  add,
  fixed,
  gelu,
  mul,
  reshape,
  rmsNorm,
  rotary,
  silu,
  squaredRelu,
  type Tensor,
  transpose,
} from "../graph/index.js";
import { attend } from "./attend.js";
import { attentionBias } from "./attention-bias.js";
import { sequenceWidth } from "./expect-input.js";
import type { LayerContext, LayerDefinition, LayerDescription, ParameterSpec } from "./layer.js";
import { type LayerOptions, makeLayer, positiveInteger, rateSchema } from "./make-layer.js";
import { product } from "./product.js";

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
    .optional()
    .describe("rotary position embeddings for at most this many positions; by default none"),
  rotaryBase: z.number().positive().default(10000).describe("base of the rotation's wavelengths"),
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
  parameters(config, inputs, inner) {
    const { heads, feedForwardSize, feedForward, queryKeyNorm, deviation, outputDeviation } = config;
    const width = sequenceWidth(inputs);
    const { headWidth, keyValueWidth } = sizesOf(config, width);
    const norm = normLayer(config);
    const part = (name: string, from: number, to: number, spread: number): ParameterSpec[] => [
      { name: `${name}/kernel`, shape: [from, to], initializer: { normal: spread }, isHidden: true },
      ...(config.useBias ? [{ name: `${name}/bias`, shape: [to], initializer: "zeros" as const }] : []),
    ];
    const headNorm = (name: string): ParameterSpec[] =>
      queryKeyNorm ? [{ name: `${name}/gamma`, shape: [headWidth], initializer: "ones" }] : [];
    return [
      ...inner.parameters(norm, "norm1", inputs),
      ...part("attention/query", width, heads * headWidth, deviation),
      ...part("attention/key", width, keyValueWidth, deviation),
      ...part("attention/value", width, keyValueWidth, deviation),
      ...headNorm("attention/queryNorm"),
      ...headNorm("attention/keyNorm"),
      ...part("attention/output", width, width, outputDeviation),
      ...inner.parameters(norm, "norm2", inputs),
      ...part("feedForward/expand", width, feedForwardSize, deviation),
      ...(feedForward === "swiglu" ? part("feedForward/gate", width, feedForwardSize, deviation) : []),
      ...part("feedForward/project", feedForwardSize, width, outputDeviation),
    ];
  },
  call(config, [x], context) {
    const norm = normLayer(config);
    const normalized = (name: string, t: Tensor) => context.inner(norm, name, [t], []).result;
    const { result, weights } = selfAttention(config, normalized("norm1", x), context);
    const seen = add(x, context.dropout(result, config.dropout, "attentionDropout"));
    const thought = feedForward(config, normalized("norm2", seen), context);
    return {
      result: add(seen, context.dropout(thought, config.dropout, "feedForwardDropout")),
      mask: context.masks[0],
      attention: weights,
    };
  },
};

function selfAttention(config: Config, x: Tensor, context: LayerContext): { result: Tensor; weights: Tensor } {
  const { heads, queryKeyNorm, rotaryLength, rotaryBase, epsilon } = config;
  const [batch, length, width] = x.shape;
  const { headWidth, keyValueHeads } = sizesOf(config, fixed(width, "attention"));
  const project = (part: string, count: number, norm?: string) => {
    let y = layerProduct(config, x, `attention/${part}`, context);
    if (norm !== undefined && queryKeyNorm) {
      const split = reshape(y, [batch, length, count, headWidth]);
      y = reshape(rmsNorm(split, context.parameter(`attention/${norm}/gamma`), epsilon), y.shape);
    }
    return norm !== undefined && rotaryLength !== undefined
      ? rotary(y, { heads: count, maxLength: rotaryLength, base: rotaryBase })
      : y;
  };
  /** (B, T, n d) to (B, n, T, d), or (B, groups, n / groups, T, d) where heads share keys and values. */
  const isShared = keyValueHeads !== heads;
  const split = (y: Tensor, groups: number, each: number): Tensor =>
    isShared
      ? transpose(reshape(y, [batch, length, groups, each, headWidth]), [0, 2, 3, 1, 4])
      : transpose(reshape(y, [batch, length, groups, headWidth]), [0, 2, 1, 3]);
  const q = split(project("query", heads, "queryNorm"), keyValueHeads, heads / keyValueHeads);
  const k = split(project("key", keyValueHeads, "keyNorm"), keyValueHeads, 1);
  const v = split(project("value", keyValueHeads), keyValueHeads, 1);
  const bias = attentionBias(x, context.masks[0], config.causal);
  const spread = bias && isShared ? withGroupAxis(bias) : bias;
  const { result, weights } = attend(q, k, v, spread, (w) => context.dropout(w, config.dropout));
  const joined = transpose(result, isShared ? [0, 3, 1, 2, 4] : [0, 2, 1, 3]);
  return {
    result: layerProduct(config, reshape(joined, x.shape), "attention/output", context),
    weights: isShared ? reshape(weights, [batch, heads, length, length]) : weights,
  };
}

/** (batch, 1, queries or 1, keys) to five axes; (queries, keys) broadcasts as it is. */
function withGroupAxis(bias: Tensor): Tensor {
  if (bias.shape.length === 2) return bias;
  const [batch, one, ...rest] = bias.shape;
  return reshape(bias, [batch, one, 1, ...rest]);
}

function feedForward(config: Config, x: Tensor, context: LayerContext): Tensor {
  const wide = layerProduct(config, x, "feedForward/expand", context);
  const bent = () => {
    if (config.feedForward === "gelu") return gelu(wide);
    if (config.feedForward === "squaredRelu") return squaredRelu(wide);
    return mul(silu(layerProduct(config, x, "feedForward/gate", context)), wide);
  };
  return layerProduct(config, bent(), "feedForward/project", context);
}

function layerProduct({ useBias }: Config, x: Tensor, name: string, context: LayerContext): Tensor {
  return product(x, context.parameter(`${name}/kernel`), useBias ? context.parameter(`${name}/bias`) : undefined);
}

function normLayer({ norm, epsilon }: Config): LayerDescription {
  return { kind: norm === "rms" ? "rmsNormalization" : "layerNormalization", config: { epsilon } };
}

function sizesOf({ heads, keyValueHeads = heads, rotaryLength }: Config, width: number) {
  if (width % heads !== 0)
    throw new UserError(`has ${heads} heads, which do not divide the width ${width}; choose another number of heads`);
  if (heads % keyValueHeads !== 0)
    throw new UserError(
      `has ${heads} heads for ${keyValueHeads} key-value heads; choose a number that divides ${heads}`,
    );
  const headWidth = width / heads;
  if (rotaryLength !== undefined && headWidth % 2 !== 0)
    throw new UserError(
      `has heads of width ${headWidth}, but rotary positions need an even width; change heads or width`,
    );
  return { headWidth, keyValueHeads, keyValueWidth: keyValueHeads * headWidth };
}
