// Pretrained encoders of every architecture against Python's transformers and sentence-transformers, on tiny models.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  encoderOnnx,
  encoderTable,
  openTextEncoder,
  type TextVectorShape,
  vectorSize,
} from "../../src/networks/encoders/index.js";
import { encoderTypes, type PretrainedEncoder, readEncoder } from "../../src/networks/hugging-face/index.js";
import { openSession } from "../../src/runtime/index.js";
import { type Golden, type GoldenTensor, readGolden } from "../golden/read.js";

interface Case {
  maxLength: number;
  ids: number[][];
  states: GoldenTensor;
  vectors: GoldenTensor;
  poolings: Record<string, GoldenTensor>;
}

const { cases, texts } = readGolden<Case>("encoders") as Golden<Case> & { texts: string[] };
const tolerance = 1e-4;
/** The empty one has no vector here. */
const emptyText = texts.indexOf("");

test("every architecture has a case", () =>
  assert.deepEqual(cases.map((one) => one.case).sort(), [...encoderTypes].sort()));

for (const { case: name, maxLength, ids, states, vectors, poolings } of cases) {
  const model = readEncoder(`test/golden/encoders/${name}`);

  test(`${name}: ids with special tokens, cut off at the model's length`, () => {
    assert.equal(model.maxLength, maxLength);
    assert.deepEqual(
      texts.map((text) => [...model.tokenizer.encode(text, model.maxLength)]),
      ids,
    );
  });

  test(`${name}: states of a padded batch`, async () => {
    const session = await openSession(encoderOnnx(model.shape, model), { threads: 1 });
    const [rows, length, width] = states.shape;
    const mask = new Int32Array(rows * length);
    const tokens = new Float32Array(rows * length * width);
    const table = model.weights.get(encoderTable)!.data;
    for (const [row, list] of ids.entries())
      for (const [i, id] of list.entries()) {
        mask[row * length + i] = 1;
        tokens.set(table.subarray(id * width, (id + 1) * width), (row * length + i) * width);
      }
    const found = await session.run({
      tokens: { data: tokens, shape: states.shape, type: "float32" },
      mask: { data: mask, shape: [rows, length], type: "int32" },
    });
    const own = found.states.data as Float32Array;
    near(
      own.map((value, i) => value * mask[Math.floor(i / width)]),
      states.data,
      tolerance,
    );
    await session.close();
  });

  test(`${name}: vectors, alone and in a batch, on one thread and on two`, async () => {
    const [alone, two] = [openTextEncoder(model, 1), openTextEncoder(model, 2)];
    const { vectors: batch, known } = await alone.encode(texts);
    assert.deepEqual(
      [...known],
      texts.map((_, i) => (i === emptyText ? 0 : 1)),
    );
    near(withoutEmpty(batch, alone.dim), withoutEmpty(vectors.data, alone.dim), tolerance);
    assert.deepEqual((await two.encode(texts)).vectors, batch);
    for (const [i, text] of texts.entries()) {
      const one = (await alone.encode([text])).vectors;
      near(one, batch.subarray(i * alone.dim, (i + 1) * alone.dim), 1e-6);
    }
    await alone.close();
    await two.close();
  });

  test(`${name}: every pooling`, async () => {
    for (const [mode, expected] of Object.entries(poolings)) {
      const vector = { pooling: [mode], modules: [] } as unknown as TextVectorShape;
      assert.equal(vectorSize(vector, model.shape.width), expected.shape[1]);
      const encoder = openTextEncoder({ ...model, vector } satisfies PretrainedEncoder, 1);
      const { vectors: found } = await encoder.encode(texts);
      near(withoutEmpty(found, encoder.dim), withoutEmpty(expected.data, encoder.dim), tolerance, mode);
      await encoder.close();
    }
  });
}

function withoutEmpty(vectors: ArrayLike<number>, dim: number): number[] {
  return Array.from(vectors).filter((_, i) => Math.floor(i / dim) !== emptyText);
}

function near(found: ArrayLike<number>, expected: ArrayLike<number>, most: number, what = ""): void {
  assert.equal(found.length, expected.length);
  for (let i = 0; i < found.length; i++)
    assert.ok(Math.abs(found[i] - expected[i]) <= most, `${what} ${i}: ${found[i]} is not ${expected[i]}`);
}
