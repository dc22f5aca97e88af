// Gaussian error linear unit, exact: x Φ(x). Source: D. Hendrycks and K. Gimpel 2016, arXiv:1606.08415.
import { apply, type Op, type Tensor } from "../tensor.js";
import { add } from "./add.js";
import { mul } from "./mul.js";
import { tanh } from "./tanh.js";

// d/dx x Φ(x) = Φ(x) + x φ(x);  Φ(x) = ½ (1 + erf(x/√2)),  φ(x) = e^(−x²/2) / √(2π)
export const geluOp: Op<null> = {
  name: "gelu",
  infer: ([x]) => [{ shape: x.shape, dtype: x.dtype }],
  emit: (emitter, inputs, outputs) => emitter.addNamed("Gelu", inputs, outputs),
  gradient: ({ inputs: [x] }, [dy]) => [dy && mul(dy, apply(geluSlopeOp, [x], null)[0])],
};

/**
 * Φ(x) + x φ(x) in few passes over x: with u = x/√2, HardSigmoid is ½ + ½ erf(u) in one, and the factor of φ stands in
 * the exponent, e^(−u² − ln √(2π)).
 */
const geluSlopeOp: Op<null> = {
  name: "geluSlope",
  infer: ([x]) => [{ shape: x.shape, dtype: x.dtype }],
  emit(emitter, [x], outputs, { inputs: [{ dtype }] }) {
    const u = emitter.add("Mul", [x, emitter.scalar(Math.SQRT1_2, dtype)]);
    const half = { alpha: { float: 0.5 }, beta: { float: 0.5 } };
    const cumulative = emitter.add("HardSigmoid", [emitter.add("Erf", [u])], half);
    const square = emitter.add("Mul", [u, u]);
    const exponent = emitter.add("Sub", [emitter.scalar(-0.5 * Math.log(2 * Math.PI), dtype), square]);
    const density = emitter.add("Exp", [exponent]);
    emitter.addNamed("Add", [cumulative, emitter.add("Mul", [x, density])], outputs);
  },
};

// GPT-2's approximation, ½ x (1 + tanh u),  u = √(2/π) (x + 0.044715 x³):
// d/dx = ½ (1 + tanh u) + ½ x (1 − tanh² u) u',  u' = √(2/π) (1 + 0.134145 x²)
export const geluTanhOp: Op<null> = {
  name: "geluTanh",
  infer: ([x]) => [{ shape: x.shape, dtype: x.dtype }],
  emit: (emitter, inputs, outputs) => emitter.addNamed("Gelu", inputs, outputs, { approximate: { string: "tanh" } }),
  gradient({ inputs: [x] }, [dy]) {
    if (!dy) return [];
    const root = Math.sqrt(2 / Math.PI);
    const square = mul(x, x);
    const t = tanh(mul(mul(x, root), add(mul(square, 0.044715), 1)));
    const bend = mul(mul(x, add(mul(mul(t, t), -1), 1)), mul(add(mul(square, 0.134145), 1), root));
    return [mul(dy, mul(add(add(t, 1), bend), 0.5))];
  },
};

/** x Φ(x), Φ the normal distribution function. */
export function gelu(x: Tensor): Tensor {
  return apply(geluOp, [x], null)[0];
}

/** Gelu by its approximation with tanh, as GPT-2 has it. */
export function geluTanh(x: Tensor): Tensor {
  return apply(geluTanhOp, [x], null)[0];
}
