import assert from "node:assert/strict";
import { test } from "node:test";
import { openLanguageModel } from "./open-language-model.js";

const file = "test/golden/gguf/few-bits.gguf";
const text = "My card is lost, please HELP! how much";

/** Log-probabilities of a text, and the logits behind it, read at once and token by token. */
async function answers(path: string, precision?: "float32" | "int8" | "int4") {
  const { model } = await openLanguageModel(path, { threads: 1, precision });
  const ids = model.tokenizer.encode(text);
  const [scores] = await model.logProbabilities([ids]);
  const decoder = await model.openDecoder!();
  const atOnce = Float32Array.from(await decoder.start([ids]));
  let stepwise = await decoder.start([ids.subarray(0, 1)]);
  for (const id of ids.subarray(1)) stepwise = await decoder.step(Int32Array.of(id));
  stepwise = Float32Array.from(stepwise);
  await decoder.close();
  await model.close();
  return { scores, atOnce, stepwise, parameters: model.parameters };
}

function difference(a: Float32Array, b: Float32Array): number {
  const size = (values: Float32Array) => Math.hypot(...values);
  return size(a.map((value, i) => value - b[i])) / size(b);
}

for (const [path, precision, most] of [
  [file, undefined, 0.03],
  [file, "int8", 0.05],
  [file, "int4", 0.5],
  ["test/golden/decoders/llama3", "int8", 0.05],
] as const)
  test(`${path} in ${precision ?? "its own bits"}: near its floats, at once and token by token`, async () => {
    const floats = await answers(path, "float32");
    const found = await answers(path, precision);
    assert.equal(found.parameters, floats.parameters);
    for (const name of ["scores", "atOnce", "stepwise"] as const) {
      const off = difference(found[name], floats[name]);
      assert.ok(off > 0 && off < most, `${name}: ${off}`);
    }
  });
