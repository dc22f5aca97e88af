import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { readGolden } from "../../../test/golden/read.js";
import { generate } from "../../generate/index.js";
import { renderChat } from "../../text/chat/index.js";
import { openLanguageModel } from "./open-language-model.js";

interface DecoderCase {
  text: string;
  ids: number[];
  beginId: number;
  prompt: number[];
  written: number[];
  /** Of the first tokens of the vocabulary. */
  logits: number[][];
  logProbabilities: number[];
  /** Of a system's and a user's message. */
  chat?: string;
}

const { cases } = readGolden<DecoderCase>("decoders");

function assertNear(actual: ArrayLike<number>, expected: readonly number[], what: string) {
  for (const [i, value] of expected.entries())
    assert.ok(Math.abs(actual[i] - value) <= 1e-4, `${what}, ${i}: ${actual[i]}, not ${value}`);
}

const talk = [
  { role: "system", content: "Be brief." },
  { role: "user", content: "how much?" },
] as const;

/** Written as llama.cpp's converter does. */
const inGguf = ["llama", "llama3", "qwen2", "qwen3"];
const places = cases.flatMap((one) => {
  const folder = join("test/golden/decoders", one.case);
  const file = join("test/golden/gguf", `${one.case}.gguf`);
  return (inGguf.includes(one.case) ? [folder, file] : [folder]).map((path) => ({ path, one }));
});

for (const { path, one } of places)
  test(`${path}: probabilities, logits and written tokens of transformers`, async () => {
    const { model } = await openLanguageModel(path, { threads: 1, precision: "float32" });
    try {
      const { tokenizer, vocabSize, writing } = model;
      const ids = Int32Array.from(one.ids);
      const [scored] = await model.logProbabilities([ids, ids.subarray(0, 3)]);
      assertNear(scored, one.logProbabilities, "log-probability");
      const decoder = await model.openDecoder!();
      try {
        let logits = await decoder.start([ids.subarray(0, 9), ids.subarray(0, 1)]);
        assertNear(logits.subarray(vocabSize), one.logits[0], "logits of token 0");
        for (let i = 9; i < ids.length; i++) {
          assertNear(logits, one.logits[i - 1], `logits of token ${i - 1}`);
          logits = await decoder.step(Int32Array.of(ids[i], ids[i - 8]));
        }
        assertNear(logits, one.logits[ids.length - 1], "last logits");
        logits = await decoder.start([ids]);
        assertNear(logits, one.logits[ids.length - 1], "logits of the whole text");
        const begun = [...writing!.before, ...tokenizer.encode(one.text)];
        assert.deepEqual(begun, one.prompt);
        const { endIds, chat } = writing!;
        assert.equal(chat && (await renderChat(chat, talk)), one.chat);
        const [{ ids: written, finish }] = await generate(decoder, [Int32Array.from(begun)], { maxTokens: 14, endIds });
        const expected = finish === "end" ? one.written.slice(0, -1) : one.written;
        assert.deepEqual([...written], expected);
      } finally {
        await decoder.close();
      }
    } finally {
      await model.close();
    }
  });
