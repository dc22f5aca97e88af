// One place computes the products of dense layers, attention and Transformer blocks: what changes a product there changes it
// everywhere.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../src/base/random.js";
import { encodeOnnx } from "../../src/formats/onnx/encode.js";
import { add, constant, emitModel, input, matmul, mul, type Tensor } from "../../src/graph/index.js";
import {
  applyLayer,
  dense,
  type GraphBuild,
  graphBuild,
  type Layer,
  layerParameters,
  multiHeadAttention,
  type ProductWeights,
  separateProducts,
  transformerDecoderBlock,
  transformerEncoderBlock,
} from "../../src/nn/index.js";
import { openSession } from "../../src/runtime/index.js";

const [width, length, batch] = [8, 5, 2];
const place = { name: "layer", call: "layer" };

type Numbers = Map<string, { shape: readonly number[]; data: Float32Array }>;

function randomNumbers(layer: Layer): Numbers {
  const random = createRandom(4);
  return new Map(
    layerParameters(layer, place.name, [[batch, length, width]]).map(({ name, shape }) => [
      name,
      {
        shape,
        data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 0.4 * random.normal()),
      },
    ]),
  );
}

async function resultOf(layer: Layer, numbers: Numbers, products?: GraphBuild["products"]): Promise<Float32Array> {
  const x = input("x", ["batch", "length", width]);
  const build = { ...graphBuild(false), ...(products && { products }) };
  const { result } = applyLayer(layer, place, [x], [undefined], build);
  const values = new Map([...numbers].map(([name, { data }]) => [name, data]));
  const session = await openSession(encodeOnnx(emitModel({ result }, { values })));
  const data = Float32Array.from({ length: batch * length * width }, (_, i) => Math.sin(3 * i));
  const results = await session.run({ x: { data, shape: [batch, length, width], type: "float32" } });
  await session.close();
  return results.result.data as Float32Array;
}

function assertNear(found: Float32Array, expected: Float32Array): void {
  assert.equal(found.length, expected.length);
  for (const [i, value] of found.entries())
    assert.ok(Math.abs(value - expected[i]) < 1e-4, `${i}: ${value} is not ${expected[i]}`);
}

const sizes = { heads: 2, feedForwardSize: 12 };
const layers: Record<string, { layer: Layer; products: string[][] }> = {
  dense: { layer: dense({ units: 3 }), products: [[""]] },
  "multi-head attention": {
    layer: multiHeadAttention({ heads: 2 }),
    products: [["query", "key", "value"], ["output"]],
  },
  "encoder block": {
    layer: transformerEncoderBlock({ ...sizes, normFirst: false }),
    products: [
      ["attention/query", "attention/key", "attention/value"],
      ["attention/output"],
      ["feedForward1"],
      ["feedForward2"],
    ],
  },
  "decoder block": {
    layer: transformerDecoderBlock({ ...sizes, keyValueHeads: 1, feedForward: "swiglu", norm: "rms", useBias: false }),
    products: [
      ["attention/query", "attention/key", "attention/value"],
      ["attention/output"],
      ["feedForward/expand", "feedForward/gate"],
      ["feedForward/project"],
    ],
  },
};

for (const [name, { layer, products }] of Object.entries(layers))
  test(`${name}: a low-rank update of every product is that of its kernel`, async () => {
    const numbers = randomNumbers(layer);
    const [rank, scale] = [2, 0.7];
    const random = createRandom(11);
    const seen: ProductWeights[][] = [];
    const merged: Numbers = new Map(numbers);
    // E. Hu et al. 2021, arXiv:2106.09685: x W + s (x A) B = x (W + s A B)
    const updated = (x: Tensor, weights: readonly ProductWeights[]) => {
      seen.push([...weights]);
      const plain = separateProducts(graphBuild(false), x, weights);
      return weights.map(({ kernel, size: [from, to] }, i) => {
        const a = Float32Array.from({ length: from * rank }, () => random.normal());
        const b = Float32Array.from({ length: rank * to }, () => random.normal());
        const { data } = numbers.get(kernel)!;
        const sum = data.map((value, at) => {
          const [row, column] = [Math.floor(at / to), at % to];
          let product = 0;
          for (let r = 0; r < rank; r++) product += a[row * rank + r] * b[r * to + column];
          return value + scale * product;
        });
        merged.set(kernel, { shape: [from, to], data: sum });
        const low = matmul(matmul(x, constant(a, [from, rank], "float32")), constant(b, [rank, to], "float32"));
        return add(plain[i], mul(low, scale));
      });
    };
    const found = await resultOf(layer, numbers, updated);
    const part = (product: string) => (product === "" ? "layer/kernel" : `layer/${product}/kernel`);
    assert.deepEqual(
      seen.map((weights) => weights.map(({ kernel }) => kernel)),
      products.map((names) => names.map(part)),
    );
    const kernels = [...numbers.keys()].filter((key) => key.endsWith("kernel"));
    assert.deepEqual(new Set(seen.flat().map(({ kernel }) => kernel)), new Set(kernels));
    assertNear(found, await resultOf(layer, merged));
  });

test("rotary pairs: adjacent features are halves in another order", async () => {
  const block = (rotaryPairs: "halves" | "adjacent") =>
    transformerDecoderBlock({ ...sizes, rotaryLength: length, rotaryPairs });
  const numbers = randomNumbers(block("halves"));
  const headWidth = width / sizes.heads;
  /** Where the halves have the feature that stands at `column` of adjacent pairs. */
  const source = (column: number) => {
    const [head, at] = [Math.floor(column / headWidth), column % headWidth];
    return head * headWidth + Math.floor(at / 2) + (at % 2) * (headWidth / 2);
  };
  const moved: Numbers = new Map(
    [...numbers].map(([name, { shape, data }]) => {
      if (!/(query|key)\/(kernel|bias)$/.test(name)) return [name, { shape, data }];
      const columns = shape.at(-1)!;
      return [name, { shape, data: data.map((_, i) => data[i - (i % columns) + source(i % columns)]) }];
    }),
  );
  const expected = await resultOf(block("halves"), numbers);
  assertNear(await resultOf(block("adjacent"), moved), expected);
  const unmoved = await resultOf(block("adjacent"), numbers);
  assert.ok(unmoved.some((value, i) => Math.abs(value - expected[i]) > 1e-2));
});
