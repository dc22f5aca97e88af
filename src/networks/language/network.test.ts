import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../base/random.js";
import { openSession } from "../../runtime/index.js";
import { tokenSource } from "../../tokens/index.js";
import type { NetworkWeights } from "../network-weights.js";
import { languageNetworkOnnx, openScorer } from "./network-graphs.js";
import { initialLanguageParameters, parameterCount } from "./network-parameters.js";
import type { LanguageNetworkShape, LstmShape, TransformerShape } from "./shape.js";
import { createTrainer, type TrainerOptions } from "./trainer.js";

const vocabSize = 11;
const transformer: TransformerShape = {
  family: "transformer",
  objective: "next-token",
  vocabSize,
  contextLength: 8,
  layers: 2,
  width: 16,
  heads: 4,
  keyValueHeads: 2,
  feedForwardSize: 24,
  feedForward: "squaredRelu",
  norm: "rms",
  positions: "rotary",
  queryKeyNorm: true,
  useBias: false,
  dropout: 0.1,
};
const gpt2: TransformerShape = {
  ...transformer,
  keyValueHeads: 4,
  feedForward: "gelu",
  norm: "layer",
  positions: "learned",
  queryKeyNorm: false,
  useBias: true,
};
const lstm: LstmShape = {
  family: "lstm",
  objective: "next-token",
  vocabSize,
  contextLength: 8,
  layers: 2,
  width: 12,
  hidden: 20,
  dropout: 0.1,
  weightDropout: 0.2,
};
const shapes: Record<string, LanguageNetworkShape> = {
  "modern Transformer": transformer,
  "GPT-2 arrangement": gpt2,
  LSTM: lstm,
};

/** A text with something to learn: each id is the one before it plus 1 or 2. */
function corpus(length: number, seed: number) {
  const random = createRandom(seed);
  const ids = new Int32Array(length);
  for (let i = 1; i < length; i++) ids[i] = (ids[i - 1] + 1 + random.integer(2)) % vocabSize;
  return tokenSource(ids);
}
const tokens = { training: corpus(3000, 1), validation: corpus(500, 2) };
const options = (family: LanguageNetworkShape["family"], threads = 2): TrainerOptions => ({
  sequences: 6,
  optimizer: { name: family === "lstm" ? "adamw" : "muon", learningRate: family === "lstm" ? 0.03 : 0.01, clipNorm: 1 },
  schedule: { kind: "constant", totalSteps: 120, warmupSteps: 3 },
  labelSmoothing: 0,
  seed: 5,
  threads,
});

async function weightsAfter(shape: LanguageNetworkShape, steps: number, threads: number, breakAt?: number) {
  let trainer = await createTrainer(shape, tokens, options(shape.family, threads));
  while (trainer.done < steps) {
    if (trainer.done === breakAt) {
      const { step, arrays } = trainer.state();
      const kept = new Map([...arrays].map(([name, data]) => [name, data.slice()]));
      await trainer.close();
      trainer = await createTrainer(shape, tokens, options(shape.family, threads));
      trainer.restore({ step, arrays: kept });
      breakAt = undefined;
    }
    await trainer.step();
  }
  const weights = trainer.weights();
  await trainer.close();
  return weights;
}

for (const [name, shape] of Object.entries(shapes)) {
  test(`${name}: learns, the loss of a text falls to about its entropy`, async () => {
    const trainer = await createTrainer(shape, tokens, options(shape.family));
    const before = await trainer.evaluate(400);
    assert.ok(Math.abs(before - Math.log(vocabSize)) < 0.3, `at first ${before}`);
    while (trainer.done < 120) await trainer.step();
    const after = await trainer.evaluate(400);
    assert.ok(after < 1.2, `after 120 steps ${after}; the entropy is ${Math.LN2}`);
    await trainer.close();
  });

  test(`${name}: the same bits on one thread and two, and after going on from a state`, async () => {
    const one = await weightsAfter(shape, 6, 1);
    assert.deepEqual(await weightsAfter(shape, 6, 2), one);
    assert.deepEqual(await weightsAfter(shape, 6, 2, 4), one);
  });

  test(`${name}: scores texts as its ONNX file's logits say, alone or with others, and longer than its context`, async () => {
    const weights = randomWeights(shape);
    const scorer = await openScorer(shape, weights, { threads: 1 });
    const random = createRandom(3);
    const texts = [3, 8, 0, 29, 1].map((length) => Int32Array.from({ length }, () => random.integer(vocabSize)));
    const together = await scorer.score(texts, 0);
    for (const [i, text] of texts.entries()) {
      assert.equal(together[i].length, text.length);
      const [alone] = await scorer.score([text], 0);
      for (const [j, value] of alone.entries()) assert.ok(Math.abs(value - together[i][j]) < 1e-4, `${i} ${j}`);
    }
    const session = await openSession(languageNetworkOnnx(shape, weights));
    for (const [i, text] of texts.entries()) {
      if (text.length === 0 || text.length > shape.contextLength) continue;
      const shown = [0, ...text.slice(0, -1)];
      const feed = (values: number[]) => ({
        data: BigInt64Array.from(values, BigInt),
        shape: [1, values.length],
        type: "int64" as const,
      });
      const { logits } = await session.run({
        input_ids: feed(shown),
        ...(session.inputs.includes("attention_mask") ? { attention_mask: feed(shown.map(() => 1)) } : {}),
      });
      for (const [j, id] of text.entries()) {
        const row = (logits.data as Float32Array).subarray(j * vocabSize, (j + 1) * vocabSize);
        const sum = row.reduce((total, value) => total + Math.exp(value), 0);
        assert.ok(Math.abs(row[id] - Math.log(sum) - together[i][j]) < 1e-4);
      }
    }
    await session.close();
    await scorer.close();
  });
}

test("LSTM: a few sequences give the same bits on 1, 2 and 3 threads", async () => {
  // Two threads in one product of 16 rows, 300 and 128 columns would cut its sums.
  const wider: LstmShape = { ...lstm, vocabSize: 128, layers: 1, width: 300 };
  const trained = async (threads: number) => {
    const trainer = await createTrainer(wider, tokens, { ...options("lstm", threads), sequences: 2 });
    while (trainer.done < 12) await trainer.step();
    const weights = trainer.weights();
    await trainer.close();
    return weights;
  };
  const one = await trained(1);
  for (const threads of [2, 3]) assert.deepEqual(await trained(threads), one, `${threads} threads`);
});

test("LSTM: some stretches begin with an empty state, whatever came before", async () => {
  const trainer = await createTrainer(lstm, tokens, options("lstm"));
  await trainer.step();
  const start = new Map([...trainer.state().arrays].map(([name, data]) => [name, data.slice()]));
  const carriedAfter = async (step: number, before: number) => {
    const arrays = new Map([...start].map(([name, data]) => [name, data.slice()]));
    for (const [name, data] of arrays) if (name.startsWith("carried/")) data.fill(before);
    trainer.restore({ step, arrays });
    await trainer.step();
    return trainer.state().arrays.get("carried/0/h0")!.slice();
  };
  const { sequences } = options("lstm");
  let [same, all] = [0, 0];
  for (let step = 1; step <= 30; step++) {
    const [one, other] = [await carriedAfter(step, 0.5), await carriedAfter(step, -0.5)];
    for (let sequence = 0; sequence < sequences; sequence++, all++)
      if (one.every((value, i) => i % sequences !== sequence || value === other[i])) same++;
  }
  assert.ok(same > 0.04 * all && same < 0.2 * all, `${same} of ${all}`);
  await trainer.close();
});

test("token vectors can be given, and move by a share of the rate", async () => {
  const { width } = transformer;
  const vectors = Float32Array.from({ length: vocabSize * width }, (_, i) => Math.sin(i));
  const moved = async (rateScale: number) => {
    const trainer = await createTrainer(transformer, tokens, {
      ...options("transformer"),
      tokens: { vectors, rateScale },
    });
    await trainer.step();
    const table = trainer.weights().get("embedding/table")!.data;
    await trainer.close();
    return Math.max(...table.map((value, i) => Math.abs(value - vectors[i])));
  };
  assert.equal(await moved(0), 0);
  const [whole, share] = [await moved(1), await moved(0.25)];
  assert.ok(whole > 0 && Math.abs(share / whole - 0.25) < 0.01, `${share} of ${whole}`);
});

test("masked objective: hidden ids are learned from both sides", async () => {
  const shape: LanguageNetworkShape = { ...transformer, objective: "masked", dropout: 0 };
  const trainer = await createTrainer(shape, tokens, {
    ...options("transformer"),
    mask: { maskId: 0, firstWord: 1 },
    schedule: { kind: "constant", totalSteps: 150 },
  });
  const before = await trainer.evaluate(400);
  while (trainer.done < 150) await trainer.step();
  assert.ok((await trainer.evaluate(400)) < before - 0.5);
  await trainer.close();
});

test("too little text is told, with what is needed", async () => {
  const few = { training: corpus(8, 1), validation: corpus(500, 2) };
  await assert.rejects(createTrainer(transformer, few, options("transformer")), /has 8 tokens; .* at least 10/);
  await assert.rejects(
    createTrainer(transformer, { ...tokens, validation: corpus(1, 1) }, options("transformer")),
    /held-out text has 1/,
  );
});

test("parameters: token vectors once, as input and output", () => {
  const block = 16 * 16 + 2 * 16 * 8 + 16 * 16 + 2 * 16 * 24 + 2 * 4 + 2 * 16;
  assert.equal(parameterCount(transformer), vocabSize * 16 + 2 * block + 16);
});

function randomWeights(shape: LanguageNetworkShape): NetworkWeights {
  const random = createRandom(8);
  return new Map(
    initialLanguageParameters(shape, 1).map(({ name, shape: size, data }) => [
      name,
      { shape: size, data: data.map((value) => value + 0.3 * random.normal()) },
    ]),
  );
}
