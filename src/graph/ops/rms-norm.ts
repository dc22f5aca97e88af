// Root-mean-square normalisation over the last axis. Source: B. Zhang, R. Sennrich 2019, arXiv:1910.07467.
import { expectShape } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";
import { mul } from "./mul.js";
import { reduceMean } from "./reduce-mean.js";
import { sub } from "./sub.js";
import { sumTo } from "./sum-to.js";

interface RmsNorm {
  epsilon: number;
}

// y = x̂ γ,  x̂ = x r,  r = 1 / √(mean(x²) + ε).  The op also gives r, for the gradient.
export const rmsNormOp: Op<RmsNorm> = {
  name: "rmsNorm",
  infer([x, gamma]) {
    expectShape(gamma, [x.shape.at(-1) ?? 1], "rmsNorm: gamma");
    return [
      { shape: x.shape, dtype: x.dtype },
      { shape: x.shape.with(-1, 1), dtype: x.dtype },
    ];
  },
  emit: (emitter, inputs, outputs, { attributes: { epsilon } }) =>
    emitter.addNamed("SimplifiedLayerNormalization", inputs, outputs, {
      axis: { int: -1 },
      epsilon: { float: epsilon },
    }),
  gradient({ inputs: [x, gamma], outputs: [, inverseRoot] }, [dy]) {
    if (!dy) return [];
    // dx = r (g − x̂ mean(g x̂)),  g = dy γ
    const normalized = mul(x, inverseRoot);
    const g = mul(dy, gamma);
    const tangent = sub(g, mul(normalized, reduceMean(mul(g, normalized), [-1])));
    return [mul(tangent, inverseRoot), sumTo(mul(dy, normalized), gamma.shape)];
  },
};

/** x / √(mean(x²) + ε) · γ. x (…, width), gamma (width); float32 only. */
export function rmsNorm(x: Tensor, gamma: Tensor, epsilon = 1e-5): Tensor {
  return apply(rmsNormOp, [x, gamma], { epsilon })[0];
}
