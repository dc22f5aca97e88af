// Every loss: its gradient against central differences, its value and gradient against PyTorch's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeOnnx } from "../../src/formats/onnx/encode.js";
import {
  constant,
  emitModel,
  gradients,
  input,
  parameter,
  sigmoid,
  softmax,
  type Tensor,
} from "../../src/graph/index.js";
import { type LossName, lossNames, lossOf } from "../../src/nn/index.js";
import { openSession } from "../../src/runtime/index.js";
import { checkGradients } from "../check-gradients.js";
import { type GoldenTensor, readGolden } from "../golden/read.js";

const targets: Record<LossName, number[]> = {
  categoricalCrossentropy: [1, 0, 0, 0.25, 0.5, 0.25, 0, 0, 1, 0, 1, 0],
  sparseCategoricalCrossentropy: [0, 1, 2, 1],
  binaryCrossentropy: [1, 0, 0, 1, 1, 0.5, 0, 0, 1, 0, 1, 0],
  meanSquaredError: [1, -2, 0.5, 1, 1, 0, 0, 3, 1, 0, 1, 0],
};
const ends: Record<string, (z: Tensor) => Tensor> = { softmax, sigmoid, probabilities: (z) => z };

for (const name of lossNames)
  for (const [end, apply] of Object.entries(ends))
    test(`${name} behind ${end}: gradient`, () =>
      checkGradients({
        shapes: [[4, 3]],
        values: (value) => (end === "probabilities" ? 0.2 + 0.6 / (1 + Math.exp(-value)) : value),
        build([z], dtype) {
          const output = apply(z);
          const { dtype: type, shape } = lossOf(name).target(output.shape);
          const data = type === "int32" ? Int32Array.from(targets[name]) : Float64Array.from(targets[name]);
          const target = constant(data, shape as number[], type === "int32" ? type : dtype);
          return lossOf(name).build(output, target, constant(Float64Array.of(0.4, 0.1, 0.3, 0.2), [4], dtype));
        },
      }));

interface LossCase {
  kind: "crossEntropy" | "binaryCrossEntropy" | "meanSquaredError";
  logits?: GoldenTensor;
  predictions?: GoldenTensor;
  targets: GoldenTensor;
  classWeights?: GoldenTensor;
  ignoreIndex?: number;
  labelSmoothing?: number;
  loss: GoldenTensor;
  dLogits?: GoldenTensor;
  dPredictions?: GoldenTensor;
}

for (const entry of readGolden<LossCase>("torch-losses").cases)
  test(`${entry.case}, as in PyTorch`, async () => {
    const given = (entry.logits ?? entry.predictions)!;
    const z = parameter("z", given.shape);
    const [rows, width] = given.shape;
    const labels = entry.targets.data;
    let weights = labels.map((label) => (label === entry.ignoreIndex ? 0 : (entry.classWeights?.data[label] ?? 1)));
    let name: LossName = entry.kind === "meanSquaredError" ? "meanSquaredError" : "binaryCrossentropy";
    let target = constant(Float32Array.from(labels), entry.targets.shape, "float32");
    if (entry.kind === "crossEntropy" && entry.labelSmoothing) {
      const rest = entry.labelSmoothing / width;
      name = "categoricalCrossentropy";
      const soft = labels.flatMap((label) =>
        Array.from({ length: width }, (_, c) => rest + (c === label ? 1 - entry.labelSmoothing! : 0)),
      );
      target = constant(Float32Array.from(soft), [rows, width], "float32");
    } else if (entry.kind === "crossEntropy") {
      name = "sparseCategoricalCrossentropy";
      const known = labels.map((label) => Math.max(0, label));
      target = constant(Int32Array.from(known), [rows], "int32");
    } else weights = Array.from({ length: rows }, () => 1);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const shares = constant(
      Float32Array.from(weights, (weight) => weight / total),
      [rows],
      "float32",
    );
    const end =
      entry.kind === "crossEntropy" ? softmax : entry.kind === "binaryCrossEntropy" ? sigmoid : (x: Tensor) => x;
    const loss = lossOf(name).build(end(z), target, shares);
    const [dz] = gradients(loss, [z]);
    const session = await openSession(encodeOnnx(emitModel({ loss, dz: dz! })));
    const got = await session.run({ z: { data: Float32Array.from(given.data), shape: given.shape, type: "float32" } });
    close(got.loss.data as Float32Array, entry.loss.data);
    close(got.dz.data as Float32Array, (entry.dLogits ?? entry.dPredictions)!.data);
    await session.close();
  });

test("binary cross-entropy of a logit of exactly 0 has the slope ½ − y", async () => {
  const z = parameter("z", [2, 1]);
  const y = input("y", [2, 1]);
  const loss = lossOf("binaryCrossentropy").build(sigmoid(z), y, constant(Float32Array.of(1, 1), [2], "float32"));
  const session = await openSession(encodeOnnx(emitModel({ dz: gradients(loss, [z])[0]! })));
  const feed = (values: number[]) => ({ data: Float32Array.from(values), shape: [2, 1], type: "float32" }) as const;
  const { dz } = await session.run({ z: feed([0, 0]), y: feed([0, 1]) });
  assert.deepEqual([...(dz.data as Float32Array)], [0.5, -0.5]);
  await session.close();
});

function close(got: Float32Array, expected: readonly number[]) {
  assert.equal(got.length, expected.length);
  for (const [i, value] of expected.entries())
    assert.ok(
      Math.abs(got[i] - value) <= 2e-6 * Math.max(1, Math.abs(value)),
      `[${i}] is ${got[i]}, PyTorch has ${value}`,
    );
}
