import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createRandom } from "../../base/random.js";
import { type BlockMatrix, blocksOf, joinRows, readRow, toBlocks, toColumns } from "../../formats/block-matrix.js";
import { type GgufFile, openGguf } from "../../formats/gguf/open-gguf.js";
import { encodeOnnx } from "../../formats/onnx/encode.js";
import { blockProduct, emitModel, fineProduct, input, type Tensor } from "../../graph/index.js";
import { openSession } from "../../runtime/index.js";
import type { DecoderWeights } from "./decoder-weights.js";
import { decodingProducts, type ProductForm } from "./decoding-products.js";

let file: GgufFile;
before(() => {
  file = openGguf("test/golden/gguf/blocks.gguf");
});
after(() => file.close());
const random = createRandom(5);
const types = ["Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"];

function numbersOf(matrix: BlockMatrix): Float32Array {
  const numbers = new Float32Array(matrix.rows * matrix.columns);
  for (let row = 0; row < matrix.rows; row++) readRow(matrix, row, numbers, row * matrix.columns);
  return numbers;
}

/** x (rows, columns) Mᵀ. */
function expected(x: Float32Array, matrix: BlockMatrix): Float32Array {
  const numbers = numbersOf(matrix);
  const { rows, columns } = matrix;
  const count = x.length / columns;
  return Float32Array.from({ length: count * rows }, (_, i) => {
    const [from, row] = [Math.floor(i / rows) * columns, (i % rows) * columns];
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += x[from + k] * numbers[row + k];
    return sum;
  });
}

async function computed(x: Float32Array, columns: number, build: (x: Tensor) => Tensor): Promise<Float32Array> {
  const model = emitModel({ y: build(input("x", ["batch", "rows", columns])) });
  const session = await openSession(encodeOnnx(model));
  const count = x.length / columns;
  const { y } = await session.run({ x: { data: x, shape: [1, count, columns], type: "float32" } });
  await session.close();
  return y.data as Float32Array;
}

/** The largest difference, by the largest number. */
function error(found: Float32Array, wanted: Float32Array): number {
  assert.equal(found.length, wanted.length);
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return found.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i])), 0) / largest;
}

/** Integers, the largest of each 16 of them 127: 8 bits hold them exactly. */
const exactly = (length: number) =>
  Float32Array.from({ length }, (_, i) => (i % 16 === 0 ? 127 : random.integer(255) - 127));

for (const type of types)
  test(`${type}: blocks give the file's numbers, and products with them`, async () => {
    const matrix = file.readBlocks(type)!;
    assert.equal(matrix.bits, type.startsWith("Q4") ? 4 : 8);
    assert.ok(error(numbersOf(matrix), file.read(type)!) < 1e-6);
    const x = exactly(3 * matrix.columns);
    const found = await computed(x, matrix.columns, (one) => blockProduct(one, matrix));
    assert.ok(error(found, expected(x, matrix)) < 1e-5, String(error(found, expected(x, matrix))));
  });

test("floats have no blocks", () => {
  for (const name of ["F32", "F16", "BF16", "none"]) assert.equal(file.readBlocks(name), undefined);
});

const normal = (length: number) => Float32Array.from({ length }, () => random.normal());

for (const bits of [4, 8] as const)
  test(`rounded to ${bits} bits, a row that fills no whole block included`, async () => {
    for (const columns of [32, 40, 7]) {
      const numbers = normal(5 * columns);
      numbers.fill(0, columns, 2 * columns);
      const matrix = toBlocks(numbers, 5, columns, bits);
      assert.equal(matrix.codes.length, (5 * blocksOf(matrix) * 32 * bits) / 8);
      assert.ok(error(numbersOf(matrix), numbers) < (bits === 8 ? 1 / 200 : 1 / 7));
      const x = normal(2 * columns);
      const found = await computed(x, columns, (one) => blockProduct(one, matrix));
      assert.ok(error(found, expected(x, matrix)) < 0.02);
    }
  });

test("for many rows: one scale a row of the matrix, and what a row gives does not depend on the others", async () => {
  const matrix = joinRows([toBlocks(normal(70 * 64), 70, 64, 4), toBlocks(normal(3 * 64), 3, 64, 4)]);
  assert.equal(matrix.rows, 73);
  const x = normal(20 * 64).map((value, i) => (i < 64 ? 1000 * value : value));
  const build = (one: Tensor) => fineProduct(one, toColumns(matrix));
  const found = await computed(x, 64, build);
  for (let row = 0; row < 20; row++) {
    const own = found.subarray(row * 73, (row + 1) * 73);
    const part = x.subarray(row * 64, (row + 1) * 64);
    assert.ok(error(own, expected(part, matrix)) < 0.02);
    assert.deepEqual(own, await computed(part, 64, build));
  }
});

test("for many rows: a feature that is a thousand times as large as the others of a row leaves them", async () => {
  const numbers = normal(40 * 64);
  // What is large counts for nothing: with 8 bits a row all others would be 0.
  for (let at = 5; at < numbers.length; at += 64) numbers[at] = 0;
  const matrix = toBlocks(numbers, 40, 64, 8);
  const x = normal(3 * 64).map((value, i) => (i % 64 === 5 ? 1000 : value));
  const found = await computed(x, 64, (one) => fineProduct(one, toColumns(matrix)));
  const wanted = expected(x, matrix);
  assert.ok(error(found, wanted) < 0.02, String(error(found, wanted)));
});

for (const form of ["few rows", "many rows"] as ProductForm[])
  test(`${form}: joined where they are alike, beside floats, with biases`, async () => {
    const matrix = (rows: number, bits: 4 | 8) => toBlocks(normal(rows * 32), rows, 32, bits);
    const shifted = { ...matrix(6, 4), shifts: normal(6) };
    const bias = { shape: [4], data: normal(4) };
    const weights: DecoderWeights = new Map<string, BlockMatrix | typeof bias>([
      ["a/kernel", matrix(4, 4)],
      ["a/bias", bias],
      ["b/kernel", shifted],
      ["c/kernel", matrix(2, 8)],
    ]);
    const { build, values } = decodingProducts(weights, form);
    const parts = [
      { kernel: "a/kernel", size: [32, 4], bias: "a/bias" },
      { kernel: "b/kernel", size: [32, 6] },
      { kernel: "c/kernel", size: [32, 2] },
    ] as const;
    const x = input("x", ["batch", "rows", 32]);
    const [joined, apart] = [build.products!(x, parts.slice(0, 2)), build.products!(x, parts)];
    const outputs = Object.fromEntries([...joined, ...apart].map((y, i) => [`y${i}`, y]));
    const model = emitModel(outputs, { values });
    const operator = form === "few rows" ? "MatMulNBits" : "MatMulIntegerToFloat";
    assert.equal(model.graph.nodes.filter(({ opType }) => opType === operator).length, form === "few rows" ? 4 : 8);
    const session = await openSession(encodeOnnx(model));
    const data = normal(3 * 32);
    const found = await session.run({ x: { data, shape: [1, 3, 32], type: "float32" } });
    await session.close();
    for (const [i, { kernel }] of [...parts.slice(0, 2), ...parts].entries()) {
      const wanted = expected(data, weights.get(kernel) as BlockMatrix);
      const biased = kernel === "a/kernel" ? wanted.map((value, at) => value + bias.data[at % 4]) : wanted;
      assert.ok(error(found[`y${i}`].data as Float32Array, biased) < 0.03, `y${i}`);
    }
  });
