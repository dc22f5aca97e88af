// Encoders in 8 bits: the products against plain arithmetic, and every architecture against itself in float32.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { UserError } from "../../src/base/errors.js";
import { createRandom } from "../../src/base/random.js";
import { encodeOnnx } from "../../src/formats/onnx/encode.js";
import { decodeSafetensors, encodeSafetensors, type NamedArray } from "../../src/formats/safetensors.js";
import { constant, emitModel, input, quantizedProducts, quantizedRows } from "../../src/graph/index.js";
import { openTextEncoder, quantizeEncoder } from "../../src/networks/encoders/index.js";
import { encoderTypes, readEncoder, writeEightBitEncoder } from "../../src/networks/hugging-face/index.js";
import { quantizeColumns, quantizeRows } from "../../src/networks/quantized-weights.js";
import { openSession } from "../../src/runtime/index.js";
import { readGolden } from "../golden/read.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-eight-bit-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const { texts } = readGolden("encoders") as unknown as { texts: string[] };
const golden = (name: string) => `test/golden/encoders/${name}`;

const random = createRandom(5);
const numbers = (length: number) => Float32Array.from({ length }, () => random.normal());

test("products: sums of integers, scaled by row and by column; a row alone gives the same bits", async () => {
  const [batch, length, from] = [3, 4, 40];
  const sizes = [24, 7];
  const matrices = sizes.map((to) => quantizeColumns(numbers(from * to), [from, to], "w"));
  const bias = numbers(sizes[0]);
  const x = input("x", ["batch", "length", from]);
  const b = constant(bias, [sizes[0]], "float32");
  const [y, z] = quantizedProducts(x, [{ matrix: matrices[0], bias: b }, { matrix: matrices[1] }]);
  const session = await openSession(encodeOnnx(emitModel({ y, z })));
  const data = numbers(batch * length * from);
  // Rows of another size, of one number, and of nothing.
  for (let i = 0; i < from; i++) data[i] *= 1000;
  data.fill(0, from, 2 * from);
  data.fill(0, 2 * from + 1, 3 * from);
  const whole = await session.run({ x: { data, shape: [batch, length, from], type: "float32" } });
  for (const [k, name] of ["y", "z"].entries()) {
    const found = whole[name].data as Float32Array;
    const { data: w, scales } = matrices[k];
    const to = sizes[k];
    for (let row = 0; row < batch * length; row++) {
      const own = data.slice(row * from, (row + 1) * from);
      const largest = Math.max(1e-30, ...own.map(Math.abs));
      const scale = Math.fround(Math.fround(largest) / 127);
      for (let j = 0; j < to; j++) {
        let sum = 0;
        for (let i = 0; i < from; i++) sum += Math.round(own[i] / scale) * w[i * to + j];
        const expected = sum * scale * scales[j] + (k === 0 ? bias[j] : 0);
        const most = 1e-5 * (1 + Math.abs(expected)) + scale * scales[j] * 130;
        assert.ok(Math.abs(found[row * to + j] - expected) <= most, `${name} ${row} ${j}`);
      }
      const alone = await session.run({ x: { data: own, shape: [1, 1, from], type: "float32" } });
      assert.deepEqual(alone[name].data, found.slice(row * to, (row + 1) * to));
    }
  }
  await session.close();
});

test("rows of a table in 8 bits are those that were rounded", async () => {
  const table = quantizeRows(numbers(60), [12, 5], "t");
  const session = await openSession(encodeOnnx(emitModel({ y: quantizedRows(input("ids", ["n"], "int64"), table) })));
  const { y } = await session.run({ ids: { data: BigInt64Array.of(3n, 0n, 11n), shape: [3], type: "int64" } });
  const expected = [3, 0, 11].flatMap((row) =>
    Array.from({ length: 5 }, (_, i) => Math.fround(table.data[row * 5 + i] * table.scales[row])),
  );
  assert.deepEqual([...(y.data as Float32Array)], expected);
  await session.close();
});

test("numbers move by half a scale at most; zeros stay; the same by rows and, turned over, by columns", () => {
  const [rows, width] = [9, 33];
  const values = numbers(rows * width);
  values.fill(0, width, 2 * width);
  const byRow = quantizeRows(values, [rows, width], "w");
  for (const [i, value] of values.entries()) {
    const scale = byRow.scales[Math.floor(i / width)];
    assert.ok(Math.abs(value - byRow.data[i] * scale) <= 0.5001 * scale);
  }
  assert.ok(byRow.data.subarray(width, 2 * width).every((value) => value === 0));
  const turned = values.map((_, i) => values[(i % rows) * width + Math.floor(i / rows)]);
  const byColumn = quantizeColumns(turned, [width, rows], "w");
  assert.deepEqual(byColumn.scales, byRow.scales);
  assert.deepEqual(
    byColumn.data,
    byRow.data.map((_, i) => byRow.data[(i % rows) * width + Math.floor(i / rows)]),
  );
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY]) {
    values[40] = wrong;
    for (const quantize of [quantizeRows, quantizeColumns])
      assert.throws(() => quantize(values, [rows, width], "w"), { name: "UserError", message: /'w' contain/ });
  }
});

for (const name of encoderTypes)
  test(`${name}: near float32, the same bits on two threads, in memory, from the file and written again`, async () => {
    const model = readEncoder(golden(name));
    const inMemory = { ...model, ...quantizeEncoder(model) };
    const place = join(folder, name);
    const files = writeEightBitEncoder(model, golden(name), place);
    const written = readEncoder(place);
    assert.deepEqual([written.isStoredInEightBits, written.type, written.dim], [true, name, model.dim]);
    assert.deepEqual([...written.files].sort(), [...files].sort());
    const sources = { inMemory, read: readEncoder(golden(name), "int8"), written };
    const expected = await vectorsOf(model, 1);
    const found = await vectorsOf(inMemory, 1);
    const cosines = texts.flatMap((_, row) => {
      const cosine = cosineOf(rowOf(found, row, model.dim), rowOf(expected, row, model.dim));
      return Number.isNaN(cosine) ? [] : [cosine];
    });
    const mean = cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length;
    assert.ok(mean > 0.985, `mean cosine ${mean}`);
    assert.notDeepEqual(found, expected);
    for (const [what, source] of Object.entries(sources))
      assert.deepEqual(await vectorsOf(source, what === "read" ? 2 : 1), found, what);
    // What a text gives hangs on the texts beside it by the rounding of float32 alone, which can move an integer by one.
    const alone = openTextEncoder(inMemory, 1);
    for (const [row, text] of texts.entries()) {
      const own = (await alone.encode([text])).vectors;
      const cosine = cosineOf(own, rowOf(found, row, model.dim));
      assert.ok(Number.isNaN(cosine) || cosine > 0.9995, `${row}: ${cosine}`);
    }
    await alone.close();
  });

async function vectorsOf(model: Parameters<typeof openTextEncoder>[0], threads: number): Promise<Float32Array> {
  const encoder = openTextEncoder(model, threads);
  const { vectors } = await encoder.encode(texts);
  await encoder.close();
  return vectors;
}

const rowOf = (vectors: Float32Array, row: number, dim: number) => vectors.subarray(row * dim, (row + 1) * dim);

function cosineOf(a: Float32Array, b: Float32Array): number {
  const product = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * y[i], 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

const kernel = "encoder.layer.0.attention.self.query.weight";
type Tensors = Map<string, NamedArray>;
/** What is done to a folder, whether it is one in 8 bits, and what the message must say. */
const faults: Record<string, [change: (tensors: Tensors, config: Record<string, unknown>) => void, RegExp, boolean]> = {
  "a NaN": [(tensors) => set(tensors, kernel, Number.NaN), /query\.weight.*NaN/, false],
  "an infinity in the tokens' table": [
    (tensors) => set(tensors, "embeddings.word_embeddings.weight", Number.POSITIVE_INFINITY),
    /word_embeddings\.weight.*Infinity/,
    false,
  ],
  "a scale that is no number": [(tensors) => set(tensors, `${kernel}_scale`, Number.NaN), /16 rows of 8-bit/, true],
  "fewer scales": [
    (tensors) => tensors.set(`${kernel}_scale`, { shape: [3, 1], data: new Float32Array(3) }),
    /16 rows of 8-bit/,
    true,
  ],
  "integers without scales": [(tensors) => tensors.delete(`${kernel}_scale`), /in a type that is not read/, true],
  "another form": [
    (_, config) => Object.assign(config, { quantization_config: { quant_method: "gptq", bits: 4 } }),
    /quantization_config: gptq.*compressed-tensors/s,
    true,
  ],
};

for (const [name, [change, message, inEightBits]] of Object.entries(faults))
  test(`refused: ${name}`, () => {
    const place = join(folder, name.replaceAll(" ", "-"));
    if (inEightBits) writeEightBitEncoder(readEncoder(golden("bert")), golden("bert"), place);
    else cpSync(golden("bert"), place, { recursive: true });
    const [path, configPath] = [join(place, "model.safetensors"), join(place, "config.json")];
    const { tensors } = decodeSafetensors(readFileSync(path));
    const config = JSON.parse(readFileSync(configPath, "utf8"));
    change(tensors, config);
    writeFileSync(path, encodeSafetensors(tensors));
    writeFileSync(configPath, JSON.stringify(config));
    assert.throws(
      () => readEncoder(place, "int8"),
      (error) => error instanceof UserError && message.test(error.message),
    );
  });

test("others' folders: products in 8 bits, vectors of tokens in 32", async () => {
  const place = join(folder, "compressed-tensors");
  writeEightBitEncoder(readEncoder(golden("bert")), golden("bert"), place);
  const path = join(place, "model.safetensors");
  const { tensors } = decodeSafetensors(readFileSync(path));
  const name = "embeddings.word_embeddings.weight";
  const plain = decodeSafetensors(readFileSync(join(golden("bert"), "model.safetensors"))).tensors.get(name)!;
  tensors.set(name, plain);
  tensors.delete(`${name}_scale`);
  writeFileSync(path, encodeSafetensors(tensors));
  const config = JSON.parse(readFileSync(join(place, "config.json"), "utf8"));
  const weights = { num_bits: 8, type: "int", strategy: "channel", symmetric: true };
  const groups = { config_groups: { group_0: { targets: ["Linear"], weights } } };
  const quantization = { quant_method: "compressed-tensors", format: "int-quantized", ...groups };
  writeFileSync(join(place, "config.json"), JSON.stringify({ ...config, quantization_config: quantization }));
  const model = readEncoder(place);
  assert.ok(model.isStoredInEightBits && model.weights.has("embedding/table"));
  const [found, expected] = [await vectorsOf(model, 1), await vectorsOf(readEncoder(golden("bert")), 1)];
  assert.ok(cosineOf(rowOf(found, 0, model.dim), rowOf(expected, 0, model.dim)) > 0.99);
});

function set(tensors: Tensors, name: string, value: number): void {
  (tensors.get(name)!.data as Float32Array)[2] = value;
}
