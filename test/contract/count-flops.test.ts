import assert from "node:assert/strict";
import { test } from "node:test";
import {
  attention,
  cachedAttention,
  conv1d,
  countFlops,
  fineProduct,
  fusedAttention,
  gradients,
  input,
  linear,
  linearCrossEntropy,
  liveBytes,
  matmul,
  mul,
  parameter,
  quantizedProducts,
  reduceSum,
  relu,
  reshape,
  type Tensor,
} from "../../src/graph/index.js";
import {
  applyLayer,
  dense,
  graphBuild,
  type LayerDescription,
  lstm as lstmLayer,
  transformerEncoderBlock,
} from "../../src/nn/index.js";

const [B, T, d, H] = [3, 5, 8, 4];
const x = input("x", [B, T, d]);
const sumOf = (y: Tensor) =>
  reduceSum(
    y,
    y.shape.map((_, axis) => axis),
    { keepDims: false },
  );
const productsOf = (...outputs: Tensor[]) => countFlops(outputs).products;

/** A layer's products, and those of its gradients with respect to its input and all parameters. */
function layerFlops(layer: LayerDescription, size: readonly number[]) {
  const own = parameter("own", size);
  const parameters = new Map<string, Tensor>();
  const build = graphBuild(false);
  const named = {
    ...build,
    parameter(name: string, shape: readonly number[]) {
      parameters.set(name, parameters.get(name) ?? build.parameter(name, shape));
      return parameters.get(name)!;
    },
  };
  const { result } = applyLayer(layer, { name: "layer", call: "layer" }, [own], [undefined], named);
  const learnt = [own, ...parameters.values()];
  const all = gradients(sumOf(mul(result, result)), learnt).filter((one) => one !== undefined);
  const forward = productsOf(result);
  return { forward, backward: productsOf(result, ...all) - forward };
}

test("layers count what their formulas say, and twice as much backwards", () => {
  const [units, feedForwardSize] = [6, 4 * d];
  const block = transformerEncoderBlock({ heads: 2, feedForwardSize, normFirst: true, dropout: 0 });
  const cases: [name: string, ReturnType<typeof layerFlops>, formula: number][] = [
    ["dense", layerFlops(dense({ units }), [B, d]), 2 * B * d * units],
    ["dense over time", layerFlops(dense({ units }), [B, T, d]), 2 * B * T * d * units],
    ["lstm", layerFlops(lstmLayer({ units: H, returnSequences: true }), [B, T, d]), 8 * B * T * H * (d + H)],
    ["block", layerFlops(block, [B, T, d]), 24 * B * T * d ** 2 + 4 * B * T ** 2 * d],
  ];
  for (const [name, { forward, backward }, formula] of cases) {
    assert.equal(forward, formula, name);
    assert.equal(backward, 2 * formula, `${name}, backwards`);
  }
});

test("products count what their formulas say", () => {
  const past = ["keys", "values"].map((name) => input(name, [B, 2, 7, d / 2]));
  const matrix = { shape: [d, 6] as const, data: new Int8Array(6 * d), scales: new Float32Array(6) };
  const rows = reshape(x, [B * T, d]);
  const [labels, weights] = [input("labels", [B * T], "int32"), input("weights", [B * T])];
  const table = parameter("table", [11, d]);
  const softmax = (training: boolean) => linearCrossEntropy(rows, table, labels, weights, { training });
  const convolved = conv1d(x, parameter("w", [3, d, 6]), parameter("b", [6]));
  const { result: cached } = cachedAttention(
    ...([x, x, x] as const),
    { keys: past[0], values: past[1], bias: input("bias", [B, 1, 1, 7]) },
    { heads: 2, keyValueHeads: 2 },
  );
  const cases: [name: string, counted: number, formula: number][] = [
    ["product", productsOf(matmul(x, x, { transposeB: true })), 2 * B * T * T * d],
    ["product, transposed", productsOf(matmul(x, x, { transposeA: true })), 2 * B * T * d * d],
    ["attention", productsOf(attention(x, x, x).result), 4 * B * T ** 2 * d],
    ["fused attention", productsOf(fusedAttention(x, x, x, { heads: 2 })), 4 * B * T ** 2 * d],
    ["attention to 7 before", productsOf(cached), 4 * B * T * (T + 7) * d],
    ["convolution", productsOf(convolved), 2 * B * T * 3 * d * 6],
    ["8 bits", productsOf(...quantizedProducts(x, [{ matrix }, { matrix }])), 2 * (2 * B * T * d * 6)],
    ["8 bits twice", productsOf(fineProduct(x, matrix)), 2 * (2 * B * T * d * 6)],
    ["softmax loss", productsOf(softmax(false)), 2 * B * T * d * 11],
    ["softmax loss and its gradient", productsOf(softmax(true)), 3 * (2 * B * T * d * 11)],
  ];
  for (const [name, counted, formula] of cases) assert.equal(counted, formula, name);
});

test("other ops count the numbers that they give; what is fed is not counted", () => {
  const y = relu(mul(x, 2));
  assert.deepEqual(countFlops([y]), { products: 0, others: 2 * B * T * d });
  assert.deepEqual(countFlops([relu(y)], [y]), { products: 0, others: B * T * d });
  assert.throws(() => countFlops([relu(input("x", ["batch", 2]))]), /fixed size/);
});

test("live bytes: a tensor is held until its last reader, what is fed and the outputs are the caller's", () => {
  const bytes = 4 * B * T * d;
  const wide = linear(x, parameter("w", [d, 10 * d]), parameter("b", [10 * d]));
  assert.equal(liveBytes([relu(x)]), 0);
  assert.equal(liveBytes([matmul(wide, parameter("v", [10 * d, d]))]), 10 * bytes);
  // Element by element in place; reshaped it is the same memory.
  assert.equal(liveBytes([sumOf(reshape(relu(relu(wide)), [B * T * 10 * d]))]), 10 * bytes);
  // A product needs its inputs beside its result.
  const narrow = matmul(wide, parameter("v", [10 * d, d]));
  assert.equal(liveBytes([sumOf(narrow)]), 11 * bytes);
  assert.equal(liveBytes([sumOf(mul(narrow, sumOf(wide)))]), 11 * bytes + 4);
  assert.equal(liveBytes([sumOf(wide)], [wide]), 0);
});
