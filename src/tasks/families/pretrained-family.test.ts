import assert from "node:assert/strict";
import { test } from "node:test";
import type { LanguageNetworkShape } from "../../networks/language/index.js";
import { initialLanguageParameters } from "../../networks/language/network-parameters.js";
import { trainCharacters } from "../../text/index.js";
import { classForm, classHead } from "../classify/head.js";
import { pretrainedFamily } from "./pretrained-family.js";

const texts = Array.from({ length: 160 }, (_, row) => (row % 2 === 0 ? "aab" : "ccd").repeat(1 + (row % 3)));
const values = Int32Array.from(texts, (text) => Number(text.startsWith("c")));
const rows = { texts, targets: { width: 1, values } };

test("the last layer learns first, and the whole goes on from there: one epoch by small steps is then enough", async () => {
  const tokenizer = await trainCharacters([texts]);
  const shape: LanguageNetworkShape = {
    family: "lstm",
    objective: "next-token",
    vocabSize: tokenizer.vocabSize,
    contextLength: 16,
    layers: 1,
    width: 8,
    hidden: 8,
    dropout: 0,
    weightDropout: 0,
  };
  const weights = new Map(initialLanguageParameters(shape, 1).map(({ name, shape, data }) => [name, { shape, data }]));
  const stages = new Set<string>();
  const training = await pretrainedFamily(classForm).train(
    { head: classHead(2, rows.targets), training: rows, validation: rows },
    { base: { shape, weights, tokenizer }, seed: 1, threads: 1, epochs: 1 },
    {
      onProgress({ stage, note }) {
        stages.add(stage);
        assert.ok(stage !== "last layer" || !note?.includes("validation"), "a figure of a network that is not kept");
      },
    },
  );
  assert.deepEqual([...stages].slice(-3), ["last layer", "pretrained", "pretrained, all rows"]);
  assert.ok(training.epochs[0].validationLoss < 0.5, String(training.epochs[0].validationLoss));
  await training.model.close();
});
