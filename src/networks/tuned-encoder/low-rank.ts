// Low-rank updates of products: x W + s (x A) B, A (in, rank) random and B (rank, out) zeros at first, so that training begins
// at the base. Trained, they are merged: W + s A B. Source: E. Hu et al. 2021, arXiv:2106.09685.
import { z } from "zod";
import { add, fixedShape, gemm, matmul, mul, reshape, type Tensor } from "../../graph/index.js";
import { type GraphBuild, type ParameterSpec, separateProducts } from "../../nn/index.js";
import type { NetworkWeights } from "../network-weights.js";

export const lowRankSchema = z.object({
  rank: z
    .int()
    .min(1)
    .max(2 ** 16),
  /** s is alpha / rank. */
  alpha: z.number().positive().max(1e6),
});
export type LowRank = z.infer<typeof lowRankSchema>;

/** What a kernel "…/kernel" is updated by. */
const [downEnding, upEnding, kernelEnding] = ["/lowRankA", "/lowRankB", "/kernel"];
const partsOf = (kernel: string) => {
  const name = kernel.slice(0, -kernelEnding.length);
  return { down: name + downEnding, up: name + upEnding };
};

export const isLowRankPart = (parameter: string) => parameter.endsWith(downEnding) || parameter.endsWith(upEnding);

/** A build whose products have updates. @param specs - to which their parameters are added */
export function lowRankBuild(build: GraphBuild, { rank, alpha }: LowRank, specs: ParameterSpec[]): GraphBuild {
  return {
    ...build,
    products(x, weights) {
      const plain = build.products?.(x, weights) ?? separateProducts(build, x, weights);
      return weights.map(({ kernel, size: [from, to] }, i) => {
        const { down, up } = partsOf(kernel);
        const a: ParameterSpec = { name: down, shape: [from, rank], initializer: { uniform: Math.sqrt(1 / from) } };
        const b: ParameterSpec = { name: up, shape: [rank, to], initializer: "zeros" };
        specs.push(a, b);
        return add(
          plain[i],
          update(x, build.parameter(a.name, a.shape), build.parameter(b.name, b.shape), alpha / rank),
        );
      });
    },
  };
}

/** s (x A) B for x (…, in): where the sizes are known, two products of all rows. */
function update(x: Tensor, a: Tensor, b: Tensor, scale: number): Tensor {
  if (x.shape.some((size) => typeof size === "string")) return mul(matmul(matmul(x, a), b), scale);
  const [width, ...others] = fixedShape(x.shape, "a low-rank update").reverse();
  const rows = others.reduce((count, size) => count * size, 1);
  const low = gemm(reshape(x, [rows, width]), a);
  return reshape(gemm(low, b, { alpha: scale }), [...x.shape.slice(0, -1), b.shape[1]]);
}

/** The weights of the plain network: kernels with their updates added, and without the updates. */
export function mergeLowRank(weights: NetworkWeights, { rank, alpha }: LowRank): NetworkWeights {
  const merged = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const [name, weight] of weights) {
    if (isLowRankPart(name)) continue;
    const { down, up } = partsOf(name);
    const [a, b] = [weights.get(down), weights.get(up)];
    const isUpdated = name.endsWith(kernelEnding) && a !== undefined && b !== undefined;
    merged.set(name, isUpdated ? { ...weight, data: sumOf(weight, a.data, b.data, rank, alpha / rank) } : weight);
  }
  return merged;
}

/** W + s A B */
function sumOf(
  { shape: [from, to], data }: { shape: readonly number[]; data: Float32Array },
  a: Float32Array,
  b: Float32Array,
  rank: number,
  scale: number,
): Float32Array {
  const sum = new Float32Array(data.length);
  const row = new Float64Array(to);
  for (let i = 0; i < from; i++) {
    row.fill(0);
    for (let r = 0; r < rank; r++) {
      const factor = scale * a[i * rank + r];
      for (let j = 0; j < to; j++) row[j] += factor * b[r * to + j];
    }
    for (let j = 0; j < to; j++) sum[i * to + j] = data[i * to + j] + row[j];
  }
  return sum;
}
