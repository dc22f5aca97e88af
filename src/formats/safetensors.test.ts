import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { UserError } from "../base/errors.js";
import { decodeSafetensors, encodeSafetensors, type NamedArray } from "./safetensors.js";

const sample = new Map<string, NamedArray>([
  ["dense/kernel", { shape: [2, 3], data: new Float32Array([1, -2, 0.5, Number.NaN, -0, 1e-45]) }],
  ["10", { shape: [], data: new Float64Array([Math.PI]) }],
  ["2", { shape: [3], data: new Uint8Array([1, 2, 255]) }],
  ["__proto__", { shape: [2], data: new BigInt64Array([-(2n ** 63n), 5n]) }],
  ["empty", { shape: [0, 7], data: new Int32Array(0) }],
  ["naïve\n", { shape: [1], data: new Uint32Array([2 ** 32 - 1]) }],
]);

function file(header: unknown, data: number): Uint8Array {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + data);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

test("safetensors: what is written is read, in its order, at any alignment", () => {
  const bytes = encodeSafetensors(sample, { seed: "7" });
  assert.equal(new DataView(bytes.buffer).getBigUint64(0, true) % 8n, 0n);
  for (const shift of [0, 1, 3]) {
    const moved = Buffer.alloc(bytes.length + shift).subarray(shift);
    moved.set(bytes);
    const { tensors, metadata } = decodeSafetensors(moved);
    assert.deepEqual(tensors, sample);
    assert.deepEqual([...tensors.keys()].sort(), [...sample.keys()].sort());
    assert.deepEqual(metadata, { seed: "7" });
  }
  assert.deepEqual(decodeSafetensors(encodeSafetensors(new Map())), { tensors: new Map(), metadata: {} });
});

test("safetensors: the bytes of the published layout", () => {
  const header = '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
  const bytes = encodeSafetensors(new Map([["a", { shape: [1], data: new Float32Array([1]) }]]));
  assert.equal(Buffer.from(bytes.subarray(8, 64)).toString(), header.padEnd(56));
  assert.deepEqual([...bytes.subarray(0, 8), ...bytes.subarray(64)], [56, 0, 0, 0, 0, 0, 0, 0, 0, 0, 128, 63]);
});

test("safetensors: a false header is refused", () => {
  const entry = (begin: number, end: number, shape: unknown = [(end - begin) / 4], dtype: unknown = "F32") => ({
    dtype,
    shape,
    data_offsets: [begin, end],
  });
  assert.equal(decodeSafetensors(file({ a: entry(0, 4), b: entry(4, 8) }, 8)).tensors.size, 2);
  const wrong: [unknown, number][] = [
    ["", 0],
    ["[]", 0],
    ["null", 0],
    ["{", 0],
    ['{"a":1}', 0],
    ['{"a":null}', 0],
    [{}, 4],
    [{ a: entry(0, 4) }, 3],
    [{ a: entry(0, 4) }, 5],
    [{ a: entry(4, 8) }, 8],
    [{ a: entry(0, 4), b: entry(0, 4) }, 4],
    [{ a: entry(0, 8), b: entry(4, 8) }, 8],
    [{ a: entry(0, 4), b: entry(8, 12) }, 12],
    [{ a: entry(8, 4) }, 8],
    [{ a: entry(0, 4, [2]) }, 4],
    [{ a: entry(0, 4, [-1]) }, 4],
    [{ a: entry(0, 4, [1.5]) }, 4],
    [{ a: entry(0, 4, [2 ** 40, 2 ** 40]) }, 4],
    [{ a: entry(0, 4, "1") }, 4],
    [{ a: entry(0, 4, [1], "BF16") }, 4],
    [{ a: entry(0, 4, [1], "C64") }, 4],
    [{ a: entry(0, 4, [1], "toString") }, 4],
    [{ a: entry(0, 4, [1], 7) }, 4],
    [{ a: { dtype: "F32", shape: [1] } }, 4],
    [{ a: { dtype: "F32", shape: [1], data_offsets: [0, 4, 4] } }, 4],
    [{ __metadata__: { a: 1 } }, 0],
    [{ __metadata__: [] }, 0],
  ];
  for (const [header, data] of wrong)
    assert.throws(() => decodeSafetensors(file(header, data)), UserError, JSON.stringify(header));
});

test("safetensors: half-size floats become 32-bit ones", () => {
  // Bits and values: numpy's float16 for F16; BF16 is the upper half of a float32.
  const cases: [string, [number, number][]][] = [
    [
      "F16",
      [
        [0x3c00, 1],
        [0xc000, -2],
        [0x0001, 2 ** -24],
        [0x03ff, 1023 * 2 ** -24],
        [0x7bff, 65504],
        [0x8000, -0],
        [0x7c00, Number.POSITIVE_INFINITY],
        [0xfc00, Number.NEGATIVE_INFINITY],
        [0x7e00, Number.NaN],
        [0x3555, 0.333251953125],
      ],
    ],
    [
      "BF16",
      [
        [0x3f80, 1],
        [0xc000, -2],
        [0x3eab, 0.333984375],
        [0x8000, -0],
        [0xff80, Number.NEGATIVE_INFINITY],
        [0x7fc0, Number.NaN],
      ],
    ],
  ];
  for (const [dtype, pairs] of cases) {
    const size = 2 * pairs.length;
    const bytes = file({ a: { dtype, shape: [pairs.length], data_offsets: [0, size] } }, size);
    const view = new DataView(bytes.buffer, bytes.length - size);
    for (const [i, [bits]] of pairs.entries()) view.setUint16(2 * i, bits, true);
    assert.deepEqual(
      decodeSafetensors(bytes).tensors.get("a")!.data,
      Float32Array.from(pairs, ([, value]) => value),
    );
  }
});

test("safetensors: damaged bytes give an error that says so, or other numbers, never anything else", () => {
  const good = encodeSafetensors(sample, { seed: "7" });
  const survives = (bytes: Uint8Array) => {
    try {
      for (const { shape, data } of decodeSafetensors(bytes).tensors.values())
        assert.equal(
          shape.reduce((a, b) => a * b, 1),
          data.length,
        );
    } catch (error) {
      assert.ok(error instanceof UserError, String(error));
    }
  };
  for (let length = 0; length < good.length; length++)
    assert.throws(() => decodeSafetensors(good.subarray(0, length)), UserError);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), (changes) => {
      const bytes = good.slice();
      for (const [at, value] of changes) bytes[at] = value;
      survives(bytes);
    }),
    { numRuns: 3000, seed: 7 },
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), survives), { seed: 7 });
});

test("safetensors: what cannot be written is refused", () => {
  const data = new Float32Array(2);
  assert.throws(() => encodeSafetensors(new Map([["a", { shape: [3], data }]])), UserError);
  assert.throws(() => encodeSafetensors(new Map([["a", { shape: [-1, -2], data }]])), UserError);
  assert.throws(() => encodeSafetensors(new Map([["__metadata__", { shape: [2], data }]])), UserError);
});
