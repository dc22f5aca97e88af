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
  /** m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;  w ← w − (decay w + stepSize m / (√v + ε)), g being scale times the gradient. */
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
    decay: number,
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
  /**
   * Adam's steps without a gradient, all at once: w ← w − (decay w + stepSize m d (1 + (spread d)²)), d = 1 / (√v + ε);
   * m ← decay1 m;  v ← decay2 v.
   */
  coastAdam(
    parameters: number,
    moment1: number,
    moment2: number,
    bytes: number,
    decay: number,
    stepSize: number,
    epsilon: number,
    spread: number,
    decay1: number,
    decay2: number,
  ): void;
  /** Σ (m d (spread d)³)²: how far that is from the steps one by one, in step sizes. */
  coastingError(moment1: number, moment2: number, bytes: number, epsilon: number, spread: number): number;
  /** SGD's steps without a gradient, all at once: (w, v) ← (ww w + wv v, vw w + vv v). */
  coastSgd(parameters: number, velocity: number, bytes: number, ww: number, wv: number, vw: number, vv: number): void;
  /** target ← source. */
  copy(target: number, source: number, bytes: number): void;
  /** target ← target + source. */
  add(target: number, source: number, bytes: number): void;
  /** Σ x², in 64-bit floats. */
  sumOfSquares(source: number, bytes: number): number;
}

export function loadOptimizerKernels(memory: SharedMemory): OptimizerKernels {
  return loadFunctions<OptimizerKernels>(
    [adam, sgd, coastAdam, coastingError, coastSgd, copy, add, sumOfSquares],
    memory,
  );
}

const place = (base: Local, at: Local): Code => i32.add(base.get, at.get);

const adam: FunctionPlan = {
  name: "adam",
  parameters: [...Array<"i32">(5).fill("i32"), ...Array<"f32">(8).fill("f32")],
  locals: ["i32"],
  body(parameters, gradient, moment1, moment2, bytes, ...rest: Local[]) {
    const [beta1, rest1, beta2, rest2, stepSize, epsilon, scale, decay, at] = rest;
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
          sub(w, add(mul(number(decay), w), div(mul(number(stepSize), m), add(sqrt(v), number(epsilon))))),
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

/** 1 / (√v + ε), to be kept in a variable. */
const reciprocal = ({ splat, load, div, add, sqrt }: Floats, moment2: Code, epsilon: Local): Code =>
  div(splat(f32.const(1)), add(sqrt(load(moment2)), splat(epsilon.get)));

const coastAdam: FunctionPlan = {
  name: "coastAdam",
  parameters: [...Array<"i32">(4).fill("i32"), ...Array<"f32">(6).fill("f32")],
  locals: ["i32", "v128", "f32"],
  body(parameters, moment1, moment2, bytes, ...rest: Local[]) {
    const [decay, stepSize, epsilon, spread, decay1, decay2, at, four, one] = rest;
    return eachFloat(at, bytes, (floats: Floats) => {
      const { splat, load, store, add, sub, mul } = floats;
      const number = ({ get }: Local) => splat(get);
      const [w, m, v] = [parameters, moment1, moment2].map((base) => load(place(base, at)));
      const d = floats === f32 ? one : four;
      const z = mul(number(spread), d.get);
      const slope = mul(d.get, add(splat(f32.const(1)), mul(z, z)));
      return [
        ...d.set(reciprocal(floats, place(moment2, at), epsilon)),
        ...store(place(parameters, at), sub(w, add(mul(number(decay), w), mul(mul(number(stepSize), m), slope)))),
        ...store(place(moment1, at), mul(number(decay1), m)),
        ...store(place(moment2, at), mul(number(decay2), v)),
      ];
    });
  },
};

const coastingError: FunctionPlan = {
  name: "coastingError",
  parameters: ["i32", "i32", "i32", "f32", "f32"],
  locals: ["i32", "v128", "f32", "v128", "f32"],
  result: "f32",
  body(moment1, moment2, bytes, epsilon, spread, at, four, one, fourSums, oneSum) {
    return [
      ...fourSums.set(f32x4.splat(f32.const(0))),
      ...oneSum.set(f32.const(0)),
      ...eachFloat(at, bytes, (floats: Floats) => {
        const { splat, load, add, mul } = floats;
        const [x, sum] = floats === f32 ? [one, oneSum] : [four, fourSums];
        const z = mul(splat(spread.get), x.get);
        return [
          ...x.set(reciprocal(floats, place(moment2, at), epsilon)),
          ...x.set(mul(mul(load(place(moment1, at)), x.get), mul(z, mul(z, z)))),
          ...sum.set(add(sum.get, mul(x.get, x.get))),
        ];
      }),
      ...f32.add(f32x4.sum(fourSums), oneSum.get),
    ];
  },
};

const coastSgd: FunctionPlan = {
  name: "coastSgd",
  parameters: ["i32", "i32", "i32", ...Array<"f32">(4).fill("f32")],
  locals: ["i32", "v128", "f32"],
  body(parameters, velocity, bytes, ww, wv, vw, vv, at, four, one) {
    return eachFloat(at, bytes, (floats: Floats) => {
      const { splat, load, store, add, mul } = floats;
      const [w, v] = [parameters, velocity].map((base) => load(place(base, at)));
      const before = floats === f32 ? one : four;
      const mixed = (a: Local, b: Local, second: Code) => add(mul(splat(a.get), before.get), mul(splat(b.get), second));
      return [
        ...before.set(w),
        ...store(place(parameters, at), mixed(ww, wv, v)),
        ...store(place(velocity, at), mixed(vw, vv, v)),
      ];
    });
  },
};

const copy: FunctionPlan = {
  name: "copy",
  parameters: ["i32", "i32", "i32"],
  locals: ["i32"],
  body: (target, source, bytes, at) =>
    eachFloat(at, bytes, ({ load, store }: Floats) => store(place(target, at), load(place(source, at)))),
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
