// The loops of an update over stretches of shared memory. Addresses and lengths are in bytes.
import {
  type Code,
  eachFloat,
  type Floats,
  type FunctionPlan,
  f32,
  f32x4,
  f64,
  f64x2,
  i32,
  type Local,
  loadFunctions,
  repeat,
  type SharedMemory,
} from "../kernels/index.js";

export interface OptimizerKernels {
  /** m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;  w ← keep w − stepSize m / (√v + ε), g being scale times the gradient. */
  adam(
    parameters: number,
    gradient: number,
    moment1: number,
    moment2: number,
    bytes: number,
    beta1: number,
    rest1: number,
    beta2: number,
    rest2: number,
    stepSize: number,
    epsilon: number,
    scale: number,
    keep: number,
  ): void;
  /** v ← μ v + scale g + decay w;  w ← w − rate v. */
  sgd(
    parameters: number,
    gradient: number,
    velocity: number,
    bytes: number,
    momentum: number,
    scale: number,
    decay: number,
    rate: number,
  ): void;
  /** target ← target + source. */
  add(target: number, source: number, bytes: number): void;
  /** Σ x², in 64-bit floats. */
  sumOfSquares(source: number, bytes: number): number;
}

export function loadOptimizerKernels(memory: SharedMemory): OptimizerKernels {
  return loadFunctions<OptimizerKernels>([adam, sgd, add, sumOfSquares], memory);
}

const place = (base: Local, at: Local): Code => i32.add(base.get, at.get);

const adam: FunctionPlan = {
  name: "adam",
  parameters: [...Array<"i32">(5).fill("i32"), ...Array<"f32">(8).fill("f32")],
  locals: ["i32"],
  body(parameters, gradient, moment1, moment2, bytes, ...rest: Local[]) {
    const [beta1, rest1, beta2, rest2, stepSize, epsilon, scale, keep, at] = rest;
    return eachFloat(at, bytes, (floats: Floats) => {
      const { splat, load, store, add, sub, mul, div, sqrt } = floats;
      const number = ({ get }: Local) => splat(get);
      const g = mul(load(place(gradient, at)), number(scale));
      const [m, v, w] = [moment1, moment2, parameters].map((base) => load(place(base, at)));
      return [
        ...store(place(moment1, at), add(mul(number(beta1), m), mul(number(rest1), g))),
        ...store(place(moment2, at), add(mul(number(beta2), v), mul(number(rest2), mul(g, g)))),
        ...store(
          place(parameters, at),
          sub(mul(number(keep), w), div(mul(number(stepSize), m), add(sqrt(v), number(epsilon)))),
        ),
      ];
    });
  },
};

const sgd: FunctionPlan = {
  name: "sgd",
  parameters: [...Array<"i32">(4).fill("i32"), ...Array<"f32">(4).fill("f32")],
  locals: ["i32"],
  body(parameters, gradient, velocity, bytes, momentum, scale, decay, rate, at) {
    return eachFloat(at, bytes, ({ splat, load, store, add, sub, mul }: Floats) => {
      const [g, v, w] = [gradient, velocity, parameters].map((base) => load(place(base, at)));
      const step = add(mul(splat(momentum.get), v), add(mul(g, splat(scale.get)), mul(splat(decay.get), w)));
      return [...store(place(velocity, at), step), ...store(place(parameters, at), sub(w, mul(splat(rate.get), v)))];
    });
  },
};

const add: FunctionPlan = {
  name: "add",
  parameters: ["i32", "i32", "i32"],
  locals: ["i32"],
  body: (target, source, bytes, at) =>
    eachFloat(at, bytes, ({ load, store, add }: Floats) =>
      store(place(target, at), add(load(place(target, at)), load(place(source, at)))),
    ),
};

const sumOfSquares: FunctionPlan = {
  name: "sumOfSquares",
  parameters: ["i32", "i32"],
  locals: ["i32", "v128", "v128", "v128", "v128", "f64"],
  result: "f64",
  body(source, bytes, at, x, half, low, high, sum) {
    const square = (into: Local, value: Code): Code => [
      ...half.set(value),
      ...into.set(f64x2.add(into.get, f64x2.mul(half.get, half.get))),
    ];
    const single = f32.promote(f32.load(place(source, at)));
    return [
      ...at.set(i32.const(0)),
      ...repeat(at, i32.and(bytes.get, i32.const(-16)), i32.const(16), [
        ...x.set(f32x4.load(place(source, at))),
        ...square(low, f64x2.promoteLow(x.get)),
        ...square(high, f64x2.promoteHigh(x)),
      ]),
      ...low.set(f64x2.add(low.get, high.get)),
      ...sum.set(f64x2.sum(low)),
      ...repeat(at, bytes.get, i32.const(4), sum.set(f64.add(sum.get, f64.mul(single, single)))),
      ...sum.get,
    ];
  },
};
