// Layer normalisation over the last axis. Source: J. L. Ba, J. R. Kiros, G. E. Hinton 2016, arXiv:1607.06450.
import { expectShape } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";
import { mul } from "./mul.js";
import { reduceMean } from "./reduce-mean.js";
import { sub } from "./sub.js";
import { sumTo } from "./sum-to.js";

interface LayerNorm {
  epsilon: number;
}

// y = x̂ γ + β,  x̂ = (x − mean) r,  r = 1 / √(variance + ε).  The op also gives mean and r, for the gradient.
export const layerNormOp: Op<LayerNorm> = {
  name: "layerNorm",
  infer([x, gamma, beta]) {
    const width = x.shape.at(-1) ?? 1;
    expectShape(gamma, [width], "layerNorm: gamma");
    expectShape(beta, [width], "layerNorm: beta");
    const kept = { shape: x.shape.with(-1, 1), dtype: x.dtype };
    return [{ shape: x.shape, dtype: x.dtype }, kept, kept];
  },
  emit: (emitter, inputs, outputs, { attributes: { epsilon } }) =>
    emitter.addNamed("LayerNormalization", inputs, outputs, { axis: { int: -1 }, epsilon: { float: epsilon } }),
  gradient({ inputs: [x, gamma, beta], outputs: [, mean, inverseDeviation] }, [dy]) {
    if (!dy) return [];
    // dx = r (g − mean(g) − x̂ mean(g x̂)),  g = dy γ
    const normalized = mul(sub(x, mean), inverseDeviation);
    const g = mul(dy, gamma);
    const centered = sub(sub(g, reduceMean(g, [-1])), mul(normalized, reduceMean(mul(g, normalized), [-1])));
    return [mul(centered, inverseDeviation), sumTo(mul(dy, normalized), gamma.shape), sumTo(dy, beta.shape)];
  },
};

/** x (…, width), gamma and beta (width). */
export function layerNorm(x: Tensor, gamma: Tensor, beta: Tensor, epsilon = 1e-5): Tensor {
  return apply(layerNormOp, [x, gamma, beta], { epsilon })[0];
}
