// Compares the gradients that an op, layer or loss builds with central differences of its own forward pass.
import assert from "node:assert/strict";
import { createRandom } from "../src/base/random.js";
import { encodeOnnx } from "../src/formats/onnx/encode.js";
import {
  constant,
  type DType,
  elementCount,
  emitModel,
  fixedShape,
  gradients,
  mul,
  parameter,
  reduceSum,
  type Tensor,
} from "../src/graph/index.js";
import { type Feed, openSession } from "../src/runtime/index.js";

export interface GradientCase {
  /** Shapes of the inputs that gradients flow to. */
  shapes: readonly (readonly number[])[];
  /** The function under test; its result may have any shape. */
  build(inputs: readonly Tensor[], dtype: DType): Tensor;
  /** float32 where ONNX Runtime lacks the kernel in float64; the tolerance is then wider. */
  dtype?: "float32" | "float64";
  /** Moves the random values away from places where the function has a corner or a pole. */
  values?(value: number, input: number): number;
  seed?: number;
}

/** Fails where an analytic gradient differs from (f(x + h) − f(x − h)) / 2h. */
export async function checkGradients({
  shapes,
  build,
  dtype = "float64",
  values,
  seed = 1,
}: GradientCase): Promise<void> {
  const random = createRandom(seed);
  const isDouble = dtype === "float64";
  const make = (length: number, input: number) => {
    const data = isDouble ? new Float64Array(length) : new Float32Array(length);
    for (let i = 0; i < length; i++) {
      const value = random.normal();
      data[i] = values ? values(value, input) : value;
    }
    return data;
  };
  const leaves = shapes.map((shape, i) => parameter(`x${i}`, shape, dtype));
  const result = build(leaves, dtype);
  const outShape = fixedShape(result.shape, "checkGradients");
  // A random weighting of the result: a plain sum would hide gradients that cancel, as softmax's do.
  const weighting = constant(make(elementCount(outShape), -1), outShape, dtype);
  const loss = reduceSum(
    mul(result, weighting),
    outShape.map((_, axis) => axis),
    { keepDims: false },
  );
  const analytic = gradients(loss, leaves);
  const missing = analytic.indexOf(undefined);
  assert.equal(missing, -1, `input ${missing} gets no gradient`);

  const arrays = shapes.map((shape, i) => make(elementCount(shape), i));
  const outputs = Object.fromEntries(analytic.map((gradient, i) => [`d${i}`, gradient!]));
  for (const [i, gradient] of analytic.entries())
    assert.deepEqual(gradient!.shape, shapes[i], `the gradient of input ${i} has another shape`);
  const both = await openSession(encodeOnnx(emitModel({ loss, ...outputs })));
  const forward = await openSession(encodeOnnx(emitModel({ loss })));
  const feeds = (): Record<string, Feed> => {
    const all = Object.fromEntries(arrays.map((data, i) => [`x${i}`, { data, shape: shapes[i], type: dtype } as Feed]));
    return all;
  };
  const only = (session: { inputs: readonly string[] }) =>
    Object.fromEntries(Object.entries(feeds()).filter(([name]) => session.inputs.includes(name)));
  const got = await both.run(only(both));
  const evaluate = async () => Number((await forward.run(only(forward))).loss.data[0]);

  const h = isDouble ? 1e-5 : 1e-2;
  const tolerance = isDouble ? 1e-6 : 2e-2;
  for (const [i, data] of arrays.entries()) {
    for (let j = 0; j < data.length; j++) {
      const kept = data[j];
      data[j] = kept + h;
      const above = await evaluate();
      data[j] = kept - h;
      const below = await evaluate();
      data[j] = kept;
      const numeric = (above - below) / (2 * h);
      const value = Number(got[`d${i}`].data[j]);
      const allowed = tolerance * Math.max(1, Math.abs(numeric));
      assert.ok(
        Math.abs(value - numeric) <= allowed,
        `d/dx${i}[${j}] is ${value}, by differences ${numeric} (input ${kept})`,
      );
    }
  }
  await Promise.all([both.close(), forward.close()]);
}
