// Skip-gram with negative sampling over a list of pairs: stochastic gradient descent, pair by pair.
import { type Code, type FunctionPlan, f32, f32x4, i32, type Local, repeat } from "../../kernels/index.js";

/** σ is looked up: so many steps over ±sigmoidLimit, beyond which it stands still, as in word2vec. */
export const sigmoidSteps = 4096;
export const sigmoidLimit = 6;

/**
 * fitSamples(samples, count, targets, inputs, outputs, rowBytes, rate, sigmoid, change). A sample is the row of an input
 * word and `targets` rows of output words, of which the first is the true one and the others are drawn. rowBytes is a
 * multiple of 16; `sigmoid` the address of the table, `change` that of a row for this thread alone. For each sample and each
 * target: g = rate · (label - σ(h·v)), change += g v, v += g h; then h += change.
 */
export const fitSamples: FunctionPlan = {
  name: "fitSamples",
  parameters: ["i32", "i32", "i32", "i32", "i32", "i32", "f32", "i32", "i32"],
  locals: ["i32", "i32", "i32", "i32", "i32", "f32", "f32", "v128", "v128", "v128", "v128"],
  body(samples, count, targets, inputs, outputs, rowBytes, rate, sigmoid, change, ...locals: Local[]) {
    const [sample, target, hidden, output, at, label, dot, sum, step, v, h] = locals;
    const eachFour = (code: Code): Code => [...at.set(i32.const(0)), ...repeat(at, rowBytes.get, i32.const(16), code)];
    const place = (base: Local): Code => i32.add(base.get, at.get);
    const limited = f32.max(f32.const(-sigmoidLimit), f32.min(f32.const(sigmoidLimit), dot.get));
    const steps = f32.mul(f32.add(limited, f32.const(sigmoidLimit)), f32.const(sigmoidSteps / (2 * sigmoidLimit)));
    const probability = f32.load(i32.add(sigmoid.get, i32.shl(i32.truncate(steps), i32.const(2))));
    const oneTarget: Code = [
      ...output.set(i32.add(outputs.get, i32.mul(i32.load(samples.get), rowBytes.get))),
      ...samples.set(i32.add(samples.get, i32.const(4))),
      ...sum.set(f32x4.splat(f32.const(0))),
      ...eachFour(sum.set(f32x4.add(sum.get, f32x4.mul(f32x4.load(place(hidden)), f32x4.load(place(output)))))),
      ...dot.set(f32x4.sum(sum)),
      ...step.set(f32x4.splat(f32.mul(rate.get, f32.sub(label.get, probability)))),
      ...label.set(f32.const(0)),
      ...eachFour([
        ...v.set(f32x4.load(place(output))),
        ...f32x4.store(place(change), f32x4.add(f32x4.load(place(change)), f32x4.mul(step.get, v.get))),
        ...f32x4.store(place(output), f32x4.add(v.get, f32x4.mul(step.get, f32x4.load(place(hidden))))),
      ]),
    ];
    const oneSample: Code = [
      ...hidden.set(i32.add(inputs.get, i32.mul(i32.load(samples.get), rowBytes.get))),
      ...samples.set(i32.add(samples.get, i32.const(4))),
      ...label.set(f32.const(1)),
      ...target.set(i32.const(0)),
      ...repeat(target, targets.get, i32.const(1), oneTarget),
      ...eachFour([
        ...h.set(f32x4.add(f32x4.load(place(hidden)), f32x4.load(place(change)))),
        ...f32x4.store(place(hidden), h.get),
        ...f32x4.store(place(change), f32x4.splat(f32.const(0))),
      ]),
    ];
    return [...sample.set(i32.const(0)), ...repeat(sample, count.get, i32.const(1), oneSample)];
  },
};
