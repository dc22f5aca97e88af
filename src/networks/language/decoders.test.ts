import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../base/random.js";
import { beamSearch, type Decoder, generate } from "../../generate/index.js";
import { openSession, type Session } from "../../runtime/index.js";
import type { NetworkWeights } from "../network-weights.js";
import { lstmDecoder } from "./lstm-decoder.js";
import { languageNetworkOnnx, openScorer } from "./network-graphs.js";
import { initialLanguageParameters } from "./network-parameters.js";
import type { LanguageNetworkShape, LstmShape, TransformerShape } from "./shape.js";
import { transformerDecoder } from "./transformer-decoder.js";

const beginId = 0;
const gpt: TransformerShape = {
  family: "transformer",
  objective: "next-token",
  vocabSize: 29,
  contextLength: 12,
  layers: 2,
  width: 24,
  heads: 3,
  keyValueHeads: 3,
  feedForwardSize: 40,
  feedForward: "gelu",
  norm: "layer",
  positions: "learned",
  queryKeyNorm: false,
  useBias: true,
  dropout: 0.1,
};
const shapes: Record<string, LanguageNetworkShape> = {
  "GPT-2": gpt,
  Llama: {
    ...gpt,
    heads: 6,
    keyValueHeads: 2,
    feedForward: "swiglu",
    norm: "rms",
    positions: "rotary",
    useBias: false,
  },
  "normalised queries and keys": {
    ...gpt,
    feedForward: "squaredRelu",
    norm: "rms",
    positions: "rotary",
    queryKeyNorm: true,
    useBias: false,
  },
  LSTM: {
    family: "lstm",
    objective: "next-token",
    vocabSize: 29,
    contextLength: 12,
    layers: 2,
    width: 16,
    hidden: 20,
    dropout: 0.1,
    weightDropout: 0.1,
  } satisfies LstmShape,
};

/** Every number anew, so that no bias is 0 and no norm is 1; large enough that tokens differ. */
function weightsOf(shape: LanguageNetworkShape): NetworkWeights {
  const random = createRandom(3);
  return new Map(
    initialLanguageParameters(shape, 1).map(({ name, shape, data }) => [
      name,
      { shape, data: data.map((value) => value + (/table$/.test(name) ? 0.5 : 0.1) * random.normal()) },
    ]),
  );
}

function openDecoder(shape: LanguageNetworkShape): Promise<Decoder> {
  const options = { threads: 1, beginId };
  return shape.family === "lstm"
    ? lstmDecoder(shape, weightsOf(shape), options)
    : transformerDecoder(shape, weightsOf(shape), options);
}

/** The model file on everything that a text has, each time anew: no cache, no state. */
function withoutCache(shape: LanguageNetworkShape, session: Session): Decoder {
  let windows: number[][] = [];
  const limit = shape.family === "lstm" ? Infinity : shape.contextLength;
  async function logits(): Promise<Float32Array> {
    const all = new Float32Array(windows.length * shape.vocabSize);
    for (const [row, window] of windows.entries()) {
      const feed = (data: BigInt64Array) => ({ data, shape: [1, window.length], type: "int64" as const });
      const results = await session.run({
        input_ids: feed(BigInt64Array.from(window, BigInt)),
        attention_mask: feed(new BigInt64Array(window.length).fill(1n)),
      });
      all.set((results.logits.data as Float32Array).slice(-shape.vocabSize), row * shape.vocabSize);
    }
    return all;
  }
  return {
    vocabSize: shape.vocabSize,
    start(prompts) {
      windows = prompts.map((prompt) => [beginId, ...prompt].slice(-limit));
      return logits();
    },
    step(tokens) {
      windows = windows.map((window, row) => {
        const kept = window.length === limit ? window.slice(Math.ceil(limit / 2)) : window;
        return [...kept, tokens[row]];
      });
      return logits();
    },
    reorder(parents) {
      windows = parents.map((parent) => windows[parent]);
    },
    close: () => session.close(),
  };
}

const prompts = [[5, 9, 1, 7], [], [3], [8, 8, 2, 6, 1, 4, 4, 20, 11, 2, 19, 27, 3, 5, 6]].map((ids) =>
  Int32Array.from(ids),
);

for (const [name, shape] of Object.entries(shapes)) {
  test(`${name}: logits step by step are those of the model file on the whole text`, async () => {
    const session = await openSession(languageNetworkOnnx(shape, weightsOf(shape)));
    const [ours, reference] = [await openDecoder(shape), withoutCache(shape, session)];
    const near = (found: Float32Array, expected: Float32Array) => {
      assert.equal(found.length, expected.length);
      for (let i = 0; i < found.length; i++)
        assert.ok(Math.abs(found[i] - expected[i]) < 1e-3, `${i}: ${found[i]} is not ${expected[i]}`);
    };
    near(await ours.start(prompts), await reference.start(prompts));
    const random = createRandom(9);
    let rows = prompts.length;
    for (let i = 0; i < 30; i++) {
      if (i % 7 === 3) {
        const parents = Array.from({ length: 3 + (i % 3) }, () => random.integer(rows));
        for (const decoder of [ours, reference]) decoder.reorder(parents);
        rows = parents.length;
      }
      const tokens = Int32Array.from({ length: rows }, () => random.integer(shape.vocabSize));
      near(await ours.step(tokens), await reference.step(tokens));
    }
    await ours.close();
    await reference.close();
  });

  test(`${name}: what is written with a cache has the log-probabilities that scoring the whole texts gives`, async () => {
    const decoder = await openDecoder(shape);
    const begins = [[], [7, 3], [5, 9, 1, 7, 28]];
    const texts: number[][] = begins.map((ids) => [...ids]);
    const written: number[][] = begins.map(() => []);
    let logits = await decoder.start(begins.map((ids) => Int32Array.from(ids)));
    for (let step = 0; step < 6; step++) {
      const best = texts.map((text, row) => {
        const scores = logits.subarray(row * shape.vocabSize, (row + 1) * shape.vocabSize);
        const id = scores.indexOf(Math.max(...scores));
        written[row].push(scores[id] - Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0)));
        text.push(id);
        return id;
      });
      logits = await decoder.step(Int32Array.from(best));
    }
    await decoder.close();
    const scorer = await openScorer(shape, weightsOf(shape), { threads: 1 });
    const scored = await scorer.score(
      texts.map((ids) => Int32Array.from(ids)),
      beginId,
    );
    await scorer.close();
    for (const [row, expected] of written.entries())
      for (const [step, value] of expected.entries()) {
        const found = scored[row][begins[row].length + step];
        assert.ok(Math.abs(found - value) < 2e-5, `${row}, ${step}: ${found} is not ${value}`);
      }
  });

  test(`${name}: the same tokens with and without a cache, greedy, drawn and by beams`, async () => {
    const session = await openSession(languageNetworkOnnx(shape, weightsOf(shape)));
    const decoders = [await openDecoder(shape), withoutCache(shape, session)];
    const answers = await Promise.all(
      decoders.map(async (decoder) => [
        await generate(decoder, prompts, { maxTokens: 25 }),
        await generate(decoder, prompts, { maxTokens: 25, temperature: 1, samples: 2, seed: 4, endIds: [0] }),
        (await beamSearch(decoder, prompts[0], { maxTokens: 14, beams: 3, samples: 3, endIds: [0] })).map(
          ({ ids }) => ids,
        ),
      ]),
    );
    assert.deepEqual(answers[0], answers[1]);
    for (const decoder of decoders) await decoder.close();
  });
}

test("what prompts begin with is kept, and changes nothing but the time", async () => {
  for (const shape of Object.values(shapes).filter(({ family }) => family === "transformer")) {
    const [plain, keeping] = [await openDecoder(shape), await openDecoder(shape)];
    await keeping.keep!(Int32Array.of(5, 9, 1));
    for (const begun of [[prompts[0]], [prompts[0], Int32Array.of(5, 9, 2, 2, 2)], prompts]) {
      const [expected, found] = [await plain.start(begun), await keeping.start(begun)];
      for (let i = 0; i < found.length; i++) assert.ok(Math.abs(found[i] - expected[i]) < 1e-4);
      const next = Int32Array.from(begun, (_, row) => row + 1);
      const [after, later] = [await plain.step(next), await keeping.step(next)];
      for (let i = 0; i < later.length; i++) assert.ok(Math.abs(later[i] - after[i]) < 1e-4);
    }
    await plain.close();
    await keeping.close();
  }
});
