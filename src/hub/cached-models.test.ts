import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, beforeEach, test } from "node:test";
import { encodeGguf } from "../../test/gguf-file.js";
import { withoutHubVariables, writeCached } from "../../test/hub-cache.js";
import { encodeSafetensors } from "../formats/safetensors.js";
import { isModelType } from "./architectures.js";
import { cachedModels } from "./cached-models.js";
import { catalogue } from "./catalogue.js";
import { parseModelName } from "./model-name.js";

const cache = mkdtempSync(join(tmpdir(), "columnist-models-"));
after(() => rmSync(cache, { recursive: true, force: true }));
let restore: () => void;
beforeEach(() => {
  restore = withoutHubVariables();
  process.env.HF_HUB_CACHE = cache;
  rmSync(cache, { recursive: true, force: true });
});
afterEach(() => restore());

const [first, second] = ["a".repeat(40), "b".repeat(40)];
const weights = encodeSafetensors(
  new Map([
    ["embeddings.position_ids", { shape: [1, 6], data: new BigInt64Array(6) }],
    ["embeddings.word.weight", { shape: [5, 4], data: new Float32Array(20) }],
    ["pooler.bias", { shape: [4], data: new Float32Array(4) }],
  ]),
);
const config = (type: string) => JSON.stringify({ model_type: type });
const put = (id: string, files: Record<string, Uint8Array | string>, commit = first, ref = "main") =>
  writeCached(cache, id, commit, files, ref);
const listed = () => cachedModels().map(({ name, kind, architecture }) => [name, kind, architecture]);

test("every kind is told with parameters, size and licence", () => {
  const gguf = (architecture: string) =>
    encodeGguf(
      {
        "general.architecture": { type: "string", value: architecture },
        "general.license": { type: "string", value: "mit" },
      },
      [{ name: "a", shape: [32, 3], type: 8, bytes: new Uint8Array(102) }],
    );
  const card = "---\nlanguage: en\nlicense: apache-2.0\n---\nText";
  put("a/encoder", {
    "config.json": config("bert"),
    "model.safetensors": weights,
    "README.md": card,
  });
  put("a/static", {
    "config.json": config("model2vec"),
    "model.safetensors": weights,
    "README.md": "---\r\nlicense:\r\n- mit\r\n---\r\n",
  });
  put("b/tables", {
    "modules.json": '[{"type": "sentence_transformers.models.StaticEmbedding"}]',
    "0_StaticEmbedding/model.safetensors": weights,
  });
  put("c/decoder", {
    "config.json": config("qwen2"),
    "model.safetensors": weights,
    "README.md": '---\nlicense: other\nlicense_name: "qwen"\n---',
  });
  put("d/graph", { "config.json": config("deberta-v2"), "onnx/model.onnx": "graph", "README.md": "license: mit" });
  put("e/files", { "x-Q8_0.gguf": gguf("llama"), "y.gguf": gguf("rwkv") });
  put("intfloat/multilingual-e5-small", { "config.json": config("bert"), "model.safetensors": weights });
  assert.deepEqual(listed(), [
    ["a/encoder", "encoder", "bert"],
    ["a/static", "static", "model2vec"],
    ["b/tables", "static", undefined],
    ["c/decoder", "decoder", "qwen2"],
    ["d/graph", "graph", "deberta-v2"],
    ["e/files/x-Q8_0.gguf", "gguf", "llama"],
    ["e/files/y.gguf", "unknown", "rwkv"],
    ["intfloat/multilingual-e5-small", "encoder", "bert"],
  ]);
  const models = cachedModels();
  assert.deepEqual(
    models.map(({ parameters }) => parameters),
    [24, 24, 24, 24, undefined, 96, 96, 24],
  );
  assert.deepEqual(
    models.map(({ licence }) => licence),
    ["apache-2.0", "mit", undefined, "qwen", undefined, "mit", "mit", "mit"],
  );
  assert.equal(models[0].bytes, weights.length + config("bert").length + card.length);
  assert.match(models[6].problem!, /GGUF files of rwkv cannot be read/);
});

test("what cannot be used has its reason, and does not hide the rest", () => {
  put("a/whisper", { "config.json": config("whisper"), "model.safetensors": weights });
  put("b/pickled", { "config.json": config("bert"), "pytorch_model.bin": "x" });
  put("c/half", { "config.json": config("bert") });
  put("d/damaged", { "config.json": config("bert"), "model.safetensors": weights.slice(0, 40) });
  put("e/typeless", { "config.json": "{", "model.safetensors": weights });
  put("f/good", { "config.json": config("roberta"), "model.safetensors": weights });
  writeFileSync(join(cache, "models--a-file"), "");
  const reasons = [
    /architecture whisper cannot be read/,
    /only as pytorch_model\.bin/,
    /incomplete/,
    /damaged/,
    /names no architecture/,
  ];
  const models = cachedModels();
  for (const [i, reason] of reasons.entries()) {
    assert.equal(models[i].kind, "unknown");
    assert.match(models[i].problem!, reason);
  }
  assert.deepEqual([models.length, models[5].kind, models[5].problem], [6, "encoder", undefined]);
});

test("each revision stands by itself, with the name that commands take", () => {
  const files = { "config.json": config("bert"), "model.safetensors": weights };
  put("a/model", files, first, "v1");
  put("a/model", files, second);
  put("b/model", files, first, "refs/pr/3");
  assert.deepEqual(
    cachedModels().map(({ name, revision, refs }) => [name, revision, refs]),
    [
      ["a/model@v1", first, ["v1"]],
      ["a/model", second, ["main"]],
      ["b/model@refs/pr/3", first, ["refs/pr/3"]],
    ],
  );
});

test("the models worth having can be pulled, and their figures fit each other", () => {
  assert.ok(new Set(catalogue.map(({ id }) => id)).size === catalogue.length && catalogue.length > 10);
  for (const { id, parameters, bytes, licence } of catalogue) {
    assert.equal(parseModelName(id)?.id, id);
    const each = bytes / parameters;
    assert.ok(
      [2, 4].some((size) => Math.abs(each / size - 1) < 0.03),
      `${id}: ${each} bytes a parameter`,
    );
    assert.match(licence, /^(apache-2\.0|mit)$/);
  }
  assert.ok(isModelType("bert") && !isModelType("toString"));
});
