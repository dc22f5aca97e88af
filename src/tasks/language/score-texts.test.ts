import assert from "node:assert/strict";
import { test } from "node:test";
import { createCharacters } from "../../text/tokenizers/index.js";
import { ngramLanguageModel, trainNgram } from "./index.js";
import { textScorer } from "./score-texts.js";

const specials = new Map([["<|unknown|>", 0]]);
const tokenizer = createCharacters({ tokens: ["<|unknown|>", ..."abcdé"], specials, unknownId: 0 });

test("a text that comes in pieces is scored as a whole, and texts do not mix", async () => {
  const texts = ["abcabdabé", "badbad", "cab"];
  const ids = texts.map((text) => tokenizer.encode(text));
  const ngrams = await trainNgram(ids, { order: 4, vocabSize: tokenizer.vocabSize });
  const model = ngramLanguageModel(ngrams, tokenizer);
  const whole = await textScorer(model)(texts);
  assert.deepEqual(
    whole.map(({ tokens, bytes, characters }) => [tokens, bytes, characters]),
    [
      [9, 10, 9],
      [6, 6, 6],
      [3, 3, 3],
    ],
  );
  const score = textScorer(model);
  const pieces = [
    ...(await score(["a"], true)),
    ...(await score(["bc"], true)),
    ...(await score(["abdabé", "badb"], true)),
  ];
  pieces.push(...(await score(["ad", "cab"])));
  assert.deepEqual(
    pieces.flatMap(({ logProbabilities }) => [...logProbabilities]),
    whole.flatMap(({ logProbabilities }) => [...logProbabilities]),
  );
  assert.deepEqual(await score(["", "cab"]), [
    {
      ...whole[0],
      logProbability: 0,
      unknown: 0,
      tokens: 0,
      bytes: 0,
      characters: 0,
      logProbabilities: new Float32Array(0),
    },
    whole[2],
  ]);
  const [{ unknown, tokens }] = await score(["aXbYc"]);
  assert.deepEqual([unknown, tokens], [2, 5]);
  await assert.rejects(textScorer(model, { signal: AbortSignal.abort() })(texts), { name: "CancelledError" });
});
