// Self-attention in all its arrangements, of whole texts and of new tokens behind kept ones: the one forward of attention
// layers and Transformer blocks. Source: A. Vaswani et al. 2017, arXiv:1706.03762, section 3.2.2.
import { UserError } from "../base/errors.js";
import {
  add,
  cachedAttention,
  fixed,
  fusedAttention,
  type RotaryPairs,
  reshape,
  rmsNorm,
  rotary,
  type Tensor,
  transpose,
} from "../graph/index.js";
import { attend } from "./attend.js";
import { attentionBias } from "./attention-bias.js";
import type { LayerContext, LayerResult, ParameterSpec, Past } from "./layer.js";

export interface SelfAttention {
  heads: number;
  /** Each shared by an equal number of query heads; by default one per query head. */
  keyValueHeads?: number;
  /** Of a head. Default: the width of x, divided by the heads. */
  headWidth?: number;
  /** Of all four products. */
  useBias: boolean;
  /** Of the product behind the heads, where it differs. */
  outputBias?: boolean;
  causal: boolean;
  /** Rotary positions; by default none. */
  rotary?: { maxLength: number; base: number; frequencies?: readonly number[]; pairs: RotaryPairs };
  /** RMS norm of queries and keys in each head; by default none. */
  queryKeyNorm?: { epsilon: number };
  /** Dropout of the attention weights, and the name of its masks. */
  dropout: number;
  dropoutName: string;
  /** What stands before the names of its parameters: "" or "attention/". */
  prefix: string;
}

/** How the kernel of a product begins: of "query", "key", "value", "output" … */
export type KernelSpec = (product: string) => Pick<ParameterSpec, "initializer" | "isHidden">;

export function selfAttentionParameters(attention: SelfAttention, width: number, kernel: KernelSpec): ParameterSpec[] {
  const { heads, useBias, outputBias = useBias, queryKeyNorm, prefix } = attention;
  const { headWidth, keyValueHeads } = headSizes(attention, width);
  const product = (name: string, from: number, to: number, hasBias = useBias) =>
    productParameters(`${prefix}${name}`, [from, to], hasBias, kernel);
  const headNorm = (name: string): ParameterSpec[] =>
    queryKeyNorm ? [{ name: `${prefix}${name}/gamma`, shape: [headWidth], initializer: "ones" }] : [];
  return [
    ...product("query", width, heads * headWidth),
    ...product("key", width, keyValueHeads * headWidth),
    ...product("value", width, keyValueHeads * headWidth),
    ...headNorm("queryNorm"),
    ...headNorm("keyNorm"),
    ...product("output", heads * headWidth, width, outputBias),
  ];
}

/** The parameters of x W + b. */
export function productParameters(
  name: string,
  size: readonly [number, number],
  useBias: boolean,
  kernel: KernelSpec,
): ParameterSpec[] {
  const matrix: ParameterSpec = { name: `${name}/kernel`, shape: size, ...kernel(name) };
  return useBias ? [matrix, { name: `${name}/bias`, shape: [size[1]], initializer: "zeros" }] : [matrix];
}

/**
 * x (batch, length, width): the whole text, or with kept keys and values (`context.past`) what comes after their tokens.
 *
 * @param scoreBias - added to the scores: (1, heads or 1, length, length), of whole texts alone
 */
export function selfAttention(
  options: SelfAttention,
  x: Tensor,
  context: LayerContext,
  scoreBias?: Tensor,
): LayerResult {
  const { heads, rotary: turn, queryKeyNorm, prefix } = options;
  const [batch, length, width] = x.shape;
  const sizes = headSizes(options, fixed(width, "attention"));
  /** Normalised and turned, where the arrangement does so. */
  const placed = (y: Tensor, count: number, norm: string) => {
    let z = y;
    if (queryKeyNorm) {
      const gamma = context.parameter(`${prefix}${norm}/gamma`);
      z = reshape(rmsNorm(reshape(y, [batch, length, count, sizes.headWidth]), gamma, queryKeyNorm.epsilon), y.shape);
    }
    return turn ? rotary(z, { ...turn, heads: count, offset: context.past?.positions }) : z;
  };
  const parts = ["query", "key", "value"].map((part) => `${prefix}${part}`);
  const [query, key, value] = context.products(x, parts);
  const [q, k] = [placed(query, heads, "queryNorm"), placed(key, sizes.keyValueHeads, "keyNorm")];
  const past = context.past?.attention;
  const isFused = context.fusesAttention === true && !options.causal && sizes.keyValueHeads === heads;
  const { result, ...rest } = past
    ? behind(past, q, k, value, options, sizes)
    : isFused
      ? { result: fusedAttention(q, k, value, { heads, mask: context.masks[0], bias: scoreBias }) }
      : withinText(q, k, value, biasOf(x, context, options, scoreBias), options, sizes, context);
  return { ...rest, result: context.products(result, [`${prefix}output`])[0], mask: context.masks[0] };
}

/** All that is added to the scores. */
function biasOf(x: Tensor, { masks }: LayerContext, { causal }: SelfAttention, more: Tensor | undefined) {
  const bias = attentionBias(x, masks[0], causal);
  return bias && more ? add(bias, more) : (bias ?? more);
}

/** Of new tokens to kept ones and to each other. */
function behind(
  past: NonNullable<Past["attention"]>,
  q: Tensor,
  k: Tensor,
  v: Tensor,
  { heads, causal }: SelfAttention,
  { keyValueHeads }: HeadSizes,
): LayerResult {
  if (!causal) throw new Error("attention to both sides cannot go on from kept keys and values");
  const { result, ...kept } = cachedAttention(q, k, v, past, { heads, keyValueHeads });
  return { result, kept };
}

/** q (B, T, heads · d), k and v (B, T, keyValueHeads · d). */
function withinText(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  bias: Tensor | undefined,
  { heads, dropout, dropoutName }: SelfAttention,
  { headWidth, keyValueHeads }: HeadSizes,
  context: LayerContext,
): LayerResult {
  const [batch, length] = q.shape;
  const isShared = keyValueHeads !== heads;
  /** (B, T, n d) to (B, n, T, d), or (B, groups, n / groups, T, d) where heads share keys and values. */
  const split = (y: Tensor, each: number): Tensor =>
    isShared
      ? transpose(reshape(y, [batch, length, keyValueHeads, each, headWidth]), [0, 2, 3, 1, 4])
      : transpose(reshape(y, [batch, length, heads, headWidth]), [0, 2, 1, 3]);
  const { result, weights } = attend(
    split(q, heads / keyValueHeads),
    split(k, 1),
    split(v, 1),
    bias && isShared ? withGroupAxis(bias) : bias,
    (w) => context.dropout(w, dropout, dropoutName),
  );
  return {
    result: reshape(transpose(result, isShared ? [0, 3, 1, 2, 4] : [0, 2, 1, 3]), q.shape),
    attention: isShared ? reshape(weights, [batch, heads, length, length]) : weights,
  };
}

/** (batch, 1, queries or 1, keys) to five axes; (queries, keys) broadcasts as it is. */
function withGroupAxis(bias: Tensor): Tensor {
  if (bias.shape.length === 2) return bias;
  const [batch, one, ...rest] = bias.shape;
  return reshape(bias, [batch, one, 1, ...rest]);
}

interface HeadSizes {
  headWidth: number;
  keyValueHeads: number;
}

function headSizes(attention: SelfAttention, width: number): HeadSizes {
  const { heads, keyValueHeads = heads, headWidth = width / heads, rotary } = attention;
  if (!Number.isInteger(headWidth))
    throw new UserError(`has ${heads} heads, which do not divide the width ${width}; choose another number of heads`);
  if (heads % keyValueHeads !== 0)
    throw new UserError(
      `has ${heads} heads for ${keyValueHeads} key-value heads; choose a number that divides ${heads}`,
    );
  if (rotary && headWidth % 2 !== 0)
    throw new UserError(
      `has heads of width ${headWidth}, but rotary positions need an even width; change heads or width`,
    );
  return { headWidth, keyValueHeads };
}
