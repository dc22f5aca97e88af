// The Transformer block in all its arrangements: the one forward by which networks are trained, score texts and write
// them. The public blocks are names and defaults for it.
import {
  add,
  constant,
  fixedShape,
  gelu,
  geluTanh,
  layerNorm,
  mul,
  relu,
  rmsNorm,
  silu,
  squaredRelu,
  type Tensor,
} from "../graph/index.js";
import type { LayerContext, LayerResult, ParameterSpec } from "./layer.js";
import {
  type KernelSpec,
  productParameters,
  type SelfAttention,
  selfAttention,
  selfAttentionParameters,
} from "./self-attention.js";

export interface TransformerBlock {
  attention: SelfAttention;
  feedForward: {
    /** Width between the two products. */
    size: number;
    /** Between them. swiglu: silu(x W_gate) · x W_expand, N. Shazeer 2020, arXiv:2002.05202; geglu with gelu. */
    activation: keyof typeof activations | keyof typeof gates;
    useBias: boolean;
    /** Names of its products; gate for swiglu and geglu. */
    names: { expand: string; gate: string; project: string };
  };
  norm: "layer" | "rms";
  /** Whether layer normalisation adds its beta. Default true. */
  normBias?: boolean;
  /** False: attention reads x as it is, in a first block behind a norm. Default true. */
  attentionNorm?: boolean;
  /** x + f(norm(x)), otherwise norm(x + f(x)). */
  normFirst: boolean;
  /** Of the norms. */
  epsilon: number;
  /** Of the results of both parts. */
  dropout: number;
}

const activations = { gelu, geluTanh, relu, squaredRelu };
const gates = { swiglu: silu, geglu: gelu };
const isGated = (name: TransformerBlock["feedForward"]["activation"]): name is keyof typeof gates => name in gates;

/** By part; a public block lists them in its own order. */
export function transformerBlockParameters(
  { attention, feedForward, norm, normBias = true, attentionNorm = true }: TransformerBlock,
  width: number,
  kernel: KernelSpec,
): Record<"norm1" | "attention" | "norm2" | "feedForward", ParameterSpec[]> {
  const { size, activation, useBias, names } = feedForward;
  const normParameters = (name: string): ParameterSpec[] => [
    { name: `${name}/gamma`, shape: [width], initializer: "ones" },
    ...(norm === "layer" && normBias ? [{ name: `${name}/beta`, shape: [width], initializer: "zeros" as const }] : []),
  ];
  return {
    norm1: attentionNorm ? normParameters("norm1") : [],
    attention: selfAttentionParameters(attention, width, kernel),
    norm2: normParameters("norm2"),
    feedForward: [
      ...productParameters(names.expand, [width, size], useBias, kernel),
      ...(isGated(activation) ? productParameters(names.gate, [width, size], useBias, kernel) : []),
      ...productParameters(names.project, [size, width], useBias, kernel),
    ],
  };
}

/**
 * x (batch, length, width) gives the same shape, attention weights, and with a past the keys and values of x.
 *
 * @param scoreBias - see selfAttention
 */
export function transformerBlock(
  block: TransformerBlock,
  x: Tensor,
  context: LayerContext,
  scoreBias?: Tensor,
): LayerResult {
  const { normFirst, dropout } = block;
  let attended: LayerResult | undefined;
  const attend = (t: Tensor) => {
    attended = selfAttention(block.attention, t, context, scoreBias);
    return context.dropout(attended.result, dropout, "attentionDropout");
  };
  const think = (t: Tensor) => context.dropout(feedForward(block, t, context), dropout, "feedForwardDropout");
  const around = (t: Tensor, part: (t: Tensor) => Tensor, norm: string) =>
    normFirst ? add(t, part(normalized(block, t, norm, context))) : normalized(block, add(t, part(t)), norm, context);
  const result = around(around(x, attend, "norm1"), think, "norm2");
  return { ...attended, result };
}

function feedForward({ feedForward: part }: TransformerBlock, x: Tensor, context: LayerContext): Tensor {
  const { expand, gate, project } = part.names;
  const bent = () => {
    const { activation } = part;
    if (!isGated(activation)) return activations[activation](context.products(x, [expand])[0]);
    const [wide, open] = context.products(x, [expand, gate]);
    return mul(gates[activation](open), wide);
  };
  return context.products(bent(), [project])[0];
}

function normalized(
  { norm, epsilon, normBias = true, attentionNorm = true }: TransformerBlock,
  x: Tensor,
  name: string,
  context: LayerContext,
): Tensor {
  if (name === "norm1" && !attentionNorm) return x;
  const gamma = context.parameter(`${name}/gamma`);
  if (norm === "rms") return rmsNorm(x, gamma, epsilon);
  const beta = normBias ? context.parameter(`${name}/beta`) : zerosLike(gamma);
  return layerNorm(x, gamma, beta, epsilon);
}

/** A vector of zeros. */
export function zerosLike({ shape, dtype }: Tensor): Tensor {
  const size = fixedShape(shape, "a norm");
  const numbers = size.reduce((product, dim) => product * dim, 1);
  return constant(dtype === "float64" ? new Float64Array(numbers) : new Float32Array(numbers), size, dtype);
}
