import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { decodeSafetensors, encodeSafetensors } from "../../formats/safetensors.js";
import { type NetworkWeights, roundWeights, unrounded } from "../language/index.js";
import { readDecoder } from "./read-decoder.js";
import { isPackedFolder, writePackedDecoder } from "./write-packed-decoder.js";

const scratch = mkdtempSync(join(tmpdir(), "columnist-packed-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

function packed(name: string, bits: 4 | 8) {
  const [from, target] = [`test/golden/decoders/${name}`, join(scratch, `${name}-${bits}`)];
  const model = readDecoder(from);
  const weights = roundWeights(model.weights as NetworkWeights, bits === 4 ? "int4" : "int8");
  mkdirSync(target);
  writePackedDecoder({ type: model.type, weights }, bits, from, target);
  return { model, weights, target };
}

test("a folder in few bits holds what rounding gives, whatever the architecture", () => {
  // Joined kernels that stand turned, an output of its own, biases, norms of queries and keys.
  for (const name of ["gpt2", "llama", "mistral", "qwen2", "qwen3"])
    for (const bits of [4, 8] as const) {
      const { model, weights, target } = packed(name, bits);
      const read = readDecoder(target);
      const sorted = (map: typeof weights) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
      assert.deepEqual(sorted(read.weights), sorted(weights), `${name} in ${bits} bits`);
      assert.deepEqual({ ...read, weights: 0, tokenizer: 0 }, { ...model, weights: 0, tokenizer: 0 });
      assert.equal(isPackedFolder(target), true);
      if (bits === 4) continue;
      for (const [parameter, { shape, data }] of unrounded(read.weights)) {
        const { shape: own, data: expected } = (model.weights as NetworkWeights).get(parameter)!;
        assert.deepEqual(shape, own);
        const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        assert.ok(data.every((value, i) => Math.abs(value - expected[i]) <= largest / 250));
      }
    }
  assert.equal(isPackedFolder("test/golden/decoders/llama"), false);
});

test("what is damaged, or packed in another way, is refused", () => {
  const { target } = packed("llama3", 4);
  const weights = decodeSafetensors(readFileSync(join(target, "model.safetensors"))).tensors;
  const scale = [...weights.keys()].find((name) => name.endsWith("down_proj.weight_scale"))!;
  const rewritten = (change: (tensors: typeof weights) => void, config: object = {}) => {
    const folder = join(scratch, "changed");
    rmSync(folder, { recursive: true, force: true });
    cpSync(target, folder, { recursive: true });
    const tensors = new Map(weights);
    change(tensors);
    writeFileSync(join(folder, "model.safetensors"), encodeSafetensors(tensors));
    const settings = JSON.parse(readFileSync(join(folder, "config.json"), "utf8"));
    writeFileSync(join(folder, "config.json"), JSON.stringify({ ...settings, ...config }));
    return () => readDecoder(folder);
  };
  const nan = { ...weights.get(scale)!, data: new Float32Array(weights.get(scale)!.data.length).fill(Number.NaN) };
  assert.throws(
    rewritten((tensors) => tensors.set(scale, nan)),
    /'.*down_proj\.weight' in few bits.*finite scales/,
  );
  assert.throws(
    rewritten((tensors) => tensors.delete(scale)),
    /in few bits, but not/,
  );
  const shape = scale.replace("_scale", "_shape");
  assert.throws(
    rewritten((tensors) => tensors.delete(shape)),
    /no tensor/,
  );
  const gptq = { quantization_config: { quant_method: "gptq", bits: 4 } };
  assert.throws(
    rewritten(() => {}, gptq),
    /form that is not read \(quantization_config: gptq\)/,
  );
});
