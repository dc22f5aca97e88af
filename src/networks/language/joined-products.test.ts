import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../base/random.js";
import { encodeOnnx } from "../../formats/onnx/encode.js";
import { emitModel, input } from "../../graph/index.js";
import { graphBuild, separateProducts } from "../../nn/index.js";
import { openSession } from "../../runtime/index.js";
import { numbersOf } from "../network-weights.js";
import { joinedProducts } from "./joined-products.js";

test("joined products are those of each kernel by itself, with a bias or without", async () => {
  const random = createRandom(2);
  const weights = new Map(
    Object.entries({ "a/kernel": [3, 4], "a/bias": [4], "b/kernel": [3, 2], "c/kernel": [3, 5], "c/bias": [5] }).map(
      ([name, shape]) => {
        const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal());
        return [name, { shape, data }];
      },
    ),
  );
  const products = [
    { kernel: "a/kernel", size: [3, 4], bias: "a/bias" },
    { kernel: "b/kernel", size: [3, 2] },
    { kernel: "c/kernel", size: [3, 5], bias: "c/bias" },
  ] as const;
  const x = input("x", ["batch", "length", 3]);
  const values = numbersOf(weights);
  const joined = joinedProducts(values).products!(x, products);
  const apart = separateProducts(graphBuild(false), x, products);
  const outputs = Object.fromEntries(
    products.flatMap(({ kernel }, i) => [
      [`joined ${kernel}`, joined[i]],
      [`apart ${kernel}`, apart[i]],
    ]),
  );
  const model = emitModel(outputs, { values });
  assert.equal(model.graph.nodes.filter(({ opType }) => opType === "MatMul").length, 1 + products.length);
  const session = await openSession(encodeOnnx(model));
  const data = Float32Array.from({ length: 2 * 4 * 3 }, () => random.normal());
  const results = await session.run({ x: { data, shape: [2, 4, 3], type: "float32" } });
  await session.close();
  for (const { kernel, size } of products) {
    const [found, expected] = [results[`joined ${kernel}`], results[`apart ${kernel}`]];
    assert.deepEqual(found.shape, [2, 4, size[1]]);
    for (const [i, value] of (found.data as Float32Array).entries())
      assert.ok(Math.abs(value - Number(expected.data[i])) < 1e-5, `${kernel} ${i}`);
  }
});
