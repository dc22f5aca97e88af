// One vector of a text from the states of its tokens, as sentence-transformers makes it: pooling, and the modules behind it.
import {
  add,
  cast,
  concat,
  div,
  equal,
  fixed,
  gelu,
  layerNorm,
  matmul,
  mul,
  positions,
  reduceMax,
  reduceSum,
  relu,
  reshape,
  sigmoid,
  silu,
  slice,
  softmax,
  sqrt,
  sub,
  type Tensor,
  tanh,
} from "../../graph/index.js";
import { type GraphBuild, type ParameterSpec, separateProducts } from "../../nn/index.js";

export interface TextVectorShape {
  /** Their results stand beside each other. */
  pooling: readonly PoolingMode[];
  /** In their order behind it. */
  modules: readonly VectorModule[];
}

export type PoolingMode = keyof typeof poolings;
export const isPoolingMode = (name: string): name is PoolingMode => Object.hasOwn(poolings, name);
export const poolingModes = () => Object.keys(poolings) as PoolingMode[];

export type VectorModule =
  | { kind: "normalize" }
  | { kind: "layerNorm"; size: number }
  | {
      kind: "dense";
      from: number;
      to: number;
      useBias: boolean;
      activation: VectorActivation;
      /** What is added to the result: x, or x by a product of its own where the sizes differ. */
      residual: boolean;
    };

export type VectorActivation = keyof typeof activations;
/** softmax: of a last layer that gives probabilities, as exported models have it. */
const activations = { identity: (x: Tensor) => x, tanh, relu, gelu, sigmoid, silu, softmax };
export const vectorActivations = Object.keys(activations) as VectorActivation[];

/** Before the parameters of a module, by its place. */
export const moduleName = (place: number) => `vector/${place}`;

/** Numbers of a vector. */
export function vectorSize({ pooling, modules }: TextVectorShape, width: number): number {
  return modules.reduce((size, module) => (module.kind === "dense" ? module.to : size), pooling.length * width);
}

/** The parameters of the modules; those of the place i begin with `moduleName(i)`. */
export function vectorParameters({ modules }: TextVectorShape): ParameterSpec[] {
  return modules.flatMap((module, place): ParameterSpec[] => {
    const name = moduleName(place);
    if (module.kind === "layerNorm")
      return [
        { name: `${name}/gamma`, shape: [module.size], initializer: "ones" },
        { name: `${name}/beta`, shape: [module.size], initializer: "zeros" },
      ];
    if (module.kind !== "dense") return [];
    const { from, to, useBias, residual } = module;
    const matrix = { shape: [from, to], initializer: "glorotUniform" } as const;
    return [
      { name: `${name}/kernel`, ...matrix },
      ...(useBias ? [{ name: `${name}/bias`, shape: [to], initializer: "zeros" } as const] : []),
      ...(residual && from !== to ? [{ name: `${name}/residual/kernel`, ...matrix }] : []),
    ];
  });
}

/** states (batch, length, width) and mask (batch, length) float, 1 at tokens, give (batch, size). Padding stands at the end. */
export function textVector(shape: TextVectorShape, states: Tensor, mask: Tensor, build: GraphBuild): Tensor {
  const pooled = concat(
    shape.pooling.map((mode) => poolings[mode](states, mask)),
    -1,
  );
  return shape.modules.reduce((x, module, place) => applyModule(module, x, moduleName(place), build), pooled);
}

const poolings = {
  cls: (states: Tensor, mask: Tensor) => rows(slice(states, 1, 0, 1), mask),
  max: (states: Tensor, mask: Tensor) =>
    reduceMax(add(states, mul(sub(reshape(mask, [...mask.shape, 1]), 1), 1e9)), [1], { keepDims: false }),
  mean: (states: Tensor, mask: Tensor) => weighted(states, div(mask, countOf(mask))),
  mean_sqrt_len_tokens: (states: Tensor, mask: Tensor) => weighted(states, div(mask, sqrt(countOf(mask)))),
  weightedmean(states: Tensor, mask: Tensor) {
    const weights = mul(mask, ranks(mask));
    return weighted(states, div(weights, reduceSum(weights, [1])));
  },
  lasttoken: (states: Tensor, mask: Tensor) =>
    weighted(states, cast(equal(mul(mask, ranks(mask)), countOf(mask)), states.dtype)),
};

/** (batch, 1) */
const countOf = (mask: Tensor) => reduceSum(mask, [1]);
/** 1 … length */
const ranks = (mask: Tensor) => add(cast(positions(mask, 1), mask.dtype), 1);

/** Σ of states by weights (batch, length): one product. */
function weighted(states: Tensor, weights: Tensor): Tensor {
  const [batch, length] = weights.shape;
  return rows(matmul(reshape(weights, [batch, 1, length]), states), weights);
}

/** (batch, 1, width) to (batch, width). */
function rows(x: Tensor, mask: Tensor): Tensor {
  return reshape(x, [mask.shape[0], fixed(x.shape[2], "pooling")]);
}

function applyModule(module: VectorModule, x: Tensor, name: string, build: GraphBuild): Tensor {
  if (module.kind === "normalize") {
    const length = sqrt(reduceSum(mul(x, x), [1]));
    // At least 1e-12, as PyTorch has it.
    return div(x, add(relu(sub(length, 1e-12)), 1e-12));
  }
  if (module.kind === "layerNorm") {
    const learnt = (part: string) => build.parameter(`${name}/${part}`, [module.size]);
    return layerNorm(x, learnt("gamma"), learnt("beta"));
  }
  const { from, to, useBias, activation, residual } = module;
  const size = [from, to] as const;
  const product = (kernel: string, bias?: string) => {
    const weights = [{ kernel, size, ...(bias !== undefined && { bias }) }];
    return (build.products?.(x, weights) ?? separateProducts(build, x, weights))[0];
  };
  const y = activations[activation](product(`${name}/kernel`, useBias ? `${name}/bias` : undefined));
  if (!residual) return y;
  return add(y, from === to ? x : product(`${name}/residual/kernel`));
}
