// Vectors beside n-grams, in each of the linear models.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../base/random.js";
import { decodeSafetensors, encodeSafetensors, type NamedArray } from "../formats/safetensors.js";
import { fitLinear } from "./fit-linear.js";
import { fitMultilabel } from "./fit-multilabel.js";
import { fitRidge } from "./fit-ridge.js";
import { linearFromTensors, linearToTensors } from "./linear-tensors.js";
import { multilabelFromTensors, multilabelToTensors } from "./multilabel-tensors.js";
import { predictLinear } from "./predict-linear.js";
import { predictMultilabel } from "./predict-multilabel.js";
import { predictRidge } from "./predict-ridge.js";
import { ridgeFromTensors, ridgeToTensors } from "./ridge-tensors.js";
import { type TextVectors, type VectorColumns, weighed } from "./text-vectors.js";

const dim = 4;

interface Rows {
  texts: string[];
  vectors: TextVectors;
  /** Of two kinds. */
  labels: Int32Array;
}

/** Texts without a word of another; what they are is told by the vectors alone. */
function rowsOf(rows: number, seed: number): Rows {
  const random = createRandom(seed);
  const labels = Int32Array.from({ length: rows }, () => random.integer(2));
  const letters = () => Array.from({ length: 6 }, () => String.fromCharCode(0x4e00 + random.integer(20_000))).join("");
  const texts = Array.from(labels, letters);
  const values = new Float32Array(rows * dim);
  for (const [row, label] of labels.entries()) {
    const vector = Array.from({ length: dim }, () => 0.3 * (random.float() - 0.5));
    vector[0] += label - 0.5;
    const length = Math.hypot(...vector);
    for (const [d, value] of vector.entries()) values[row * dim + d] = value / length;
  }
  return { texts, vectors: { dim, values }, labels };
}

interface Fitted {
  vectors?: VectorColumns;
}
interface Kind<Model extends Fitted> {
  fit(rows: Omit<Rows, "vectors"> & Partial<Rows>, weight?: number): Promise<Model>;
  /** 1 or more where a text is of the second kind, (texts). */
  predict(model: Model, texts: string[], vectors?: TextVectors): number[];
  filed(model: Model): Model;
}
const through = ({ tensors, config }: { tensors: ReadonlyMap<string, NamedArray>; config: object }) =>
  [decodeSafetensors(encodeSafetensors(tensors)).tensors, JSON.parse(JSON.stringify(config))] as const;
const every = (values: ArrayLike<number>, width: number, at: number) =>
  Array.from({ length: values.length / width }, (_, row) => values[row * width + at]);

const classifier: Kind<Awaited<ReturnType<typeof fitLinear>>> = {
  fit: ({ texts, labels, vectors }, weight) =>
    fitLinear({ texts, labels, classes: 2, vectors }, { seed: 1, ...(weight && { vectorWeight: weight }) }),
  predict: (model, texts, vectors) => every(predictLinear(model, texts, vectors), 2, 1),
  filed: (model) => linearFromTensors(...through(linearToTensors(model))),
};
const ofSets: Kind<Awaited<ReturnType<typeof fitMultilabel>>> = {
  fit: ({ texts, labels, vectors }, weight) =>
    fitMultilabel(
      { texts, labelsOf: Array.from(labels, (label) => (label ? [0] : [])), labels: 1, vectors },
      { seed: 1, ...(weight && { vectorWeight: weight }) },
    ),
  predict: (model, texts, vectors) => [...predictMultilabel(model, texts, vectors)],
  filed: (model) => multilabelFromTensors(...through(multilabelToTensors(model))),
};
const ofNumbers: Kind<Awaited<ReturnType<typeof fitRidge>>> = {
  fit: ({ texts, labels, vectors }, weight) =>
    fitRidge({ texts, targets: labels, vectors }, { seed: 1, ...(weight && { vectorWeight: weight }) }),
  predict: (model, texts, vectors) => [...predictRidge(model, texts, vectors)],
  filed: (model) => ridgeFromTensors(...through(ridgeToTensors(model))),
};

function tests<Model extends Fitted>(name: string, kind: Kind<Model>): void {
  const right = (rows: Rows, found: number[]) =>
    found.filter((value, row) => value >= 0.5 === (rows.labels[row] === 1)).length / found.length;

  test(`${name}: learns what the vectors alone tell, and comes back from its tensors`, async () => {
    const [train, held] = [rowsOf(200, 1), rowsOf(100, 2)];
    const model = await kind.fit(train);
    const found = kind.predict(model, held.texts, held.vectors);
    assert.ok(right(held, found) > 0.95, String(right(held, found)));
    assert.equal(model.vectors?.dim, dim);
    assert.deepEqual(kind.predict(kind.filed(model), held.texts, held.vectors), found);
    for (const row of [0, 7]) {
      const own = { dim, values: held.vectors.values.slice(row * dim, (row + 1) * dim) };
      assert.deepEqual(kind.predict(model, [held.texts[row]], own), [found[row]]);
    }
    const plain = await kind.fit({ texts: train.texts, labels: train.labels });
    assert.equal(plain.vectors, undefined);
    assert.ok(right(held, kind.predict(plain, held.texts)) < 0.7);
    assert.throws(() => kind.predict(model, held.texts), RangeError);
    assert.throws(() => kind.predict(plain, held.texts, held.vectors), RangeError);
  });

  test(`${name}: the weight can be given`, async () => {
    assert.equal((await kind.fit(rowsOf(60, 3), 0.7)).vectors!.weight, 0.7);
  });

  test(`${name}: a text that says nothing in words or vector has the answer of such rows`, async () => {
    const rows = rowsOf(40, 5);
    const model = await kind.fit(rows);
    const [nothing, again] = kind.predict(model, ["", "☃"], { dim, values: new Float32Array(2 * dim) });
    assert.equal(nothing, again);
    const [first] = kind.predict(model, [""], { dim, values: rows.vectors.values.slice(0, dim) });
    assert.equal(first >= 0.5, rows.labels[0] === 1);
  });
}
tests("one label", classifier);
tests("sets of labels", ofSets);
tests("numbers", ofNumbers);

test("the weight with the least loss is chosen, and another than the usual one only beyond chance", async () => {
  // One text with one n-gram and a vector of one number, 1: what it is times its weight.
  const x = {
    rows: 1,
    features: 2,
    ngrams: 1,
    start: Int32Array.of(0, 2),
    ids: Int32Array.of(0, 1),
    values: Float32Array.of(0.25, 1),
  };
  const random = createRandom(4);
  const noise = Array.from({ length: 100 }, () => random.float());
  for (const [best, chance, expected] of [
    [3, 0, 3],
    [2, 0, 2],
    [1.5, 0, 1.5],
    [0.5, 0, 0.5],
    [3, 1000, 1.5],
  ]) {
    const found = await weighed(x, "auto", async ({ values: [ngram, number] }) => {
      assert.equal(ngram, 0.25);
      return Float64Array.from(noise, (one) => Math.abs(number - best) + chance * Math.sin(1000 * one * number));
    });
    assert.deepEqual(found.vectors, { dim: 1, weight: expected });
    assert.deepEqual([...found.x.values], [0.25, expected]);
  }
  const plain = { ...x, ngrams: undefined };
  assert.deepEqual(await weighed(plain, "auto", () => assert.fail()), { x: plain });
});
