import assert from "node:assert/strict";
import {
  cpSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { UserError } from "../../base/errors.js";
import { createRandom } from "../../base/random.js";
import { decodeSafetensors, encodeSafetensors } from "../../formats/safetensors.js";
import { readEncoder } from "./read-encoder.js";

const scratch = mkdtempSync(join(tmpdir(), "columnist-read-encoder-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

type Json = Record<string, unknown>;
const edit = (name: string, change: (json: Json) => unknown) => (folder: string) => {
  const path = join(folder, name);
  const json = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(path, JSON.stringify(change(json) ?? json));
};
const set = (name: string, fields: Json) => edit(name, (json) => ({ ...json, ...fields }));
const remove = (name: string) => (folder: string) => rmSync(join(folder, name), { recursive: true });
const write = (name: string, text: string) => (folder: string) => writeFileSync(join(folder, name), text);
const device = (name: string) => (folder: string) => {
  rmSync(join(folder, name));
  symlinkSync("/dev/zero", join(folder, name));
};
const module = (place: number, fields: Json) =>
  edit("modules.json", (json) =>
    (json as unknown as Json[]).map((one, i) => (i === place ? { ...one, ...fields } : one)),
  );

/** What is done to a good folder, and what the message must say. */
const faults: [string, string, (folder: string) => void, RegExp][] = [
  [
    "an unknown architecture",
    "bert",
    set("config.json", { model_type: "albert" }),
    /'albert'.*bert, distilbert, roberta, xlm-roberta, mpnet, modernbert/s,
  ],
  ["no architecture", "bert", edit("config.json", ({ model_type: _, ...rest }) => rest), /model_type is missing/],
  ["a decoder", "bert", set("config.json", { model_type: "qwen3" }), /writes texts.*'qwen3'.*an encoder is needed/s],
  ["an encoder's network as a decoder", "roberta", set("config.json", { is_decoder: true }), /describes a decoder/],
  [
    "another width",
    "bert",
    set("config.json", { hidden_size: 32 }),
    /word_embeddings\.weight' of shape \[\d+, 16\].*\[\d+, 32\]/,
  ],
  ["more layers", "bert", set("config.json", { num_hidden_layers: 3 }), /no tensor 'encoder\.layer\.2\./],
  ["a huge number of layers", "bert", set("config.json", { num_hidden_layers: 1e9 }), /num_hidden_layers/],
  [
    "heads that do not divide the width",
    "bert",
    set("config.json", { num_attention_heads: 5 }),
    /5 attention heads do not divide the width 16/,
  ],
  ["other positions", "bert", set("config.json", { position_embedding_type: "relative_key" }), /relative_key/],
  ["an unknown activation", "bert", set("config.json", { hidden_act: "gelu_new" }), /gelu_new/],
  ["no place for a token", "roberta", set("config.json", { pad_token_id: 70 }), /leave no position/],
  [
    "rotary positions that are scaled",
    "modernbert",
    set("config.json", { rope_scaling: { type: "yarn" } }),
    /rope_scaling/,
  ],
  [
    "layer types for other layers",
    "modernbert",
    set("config.json", { layer_types: ["full_attention"] }),
    /layer_types has 1 entries for 4 layers/,
  ],
  ["settings that are not JSON", "bert", write("config.json", "{"), /config\.json is not JSON/],
  ["settings without an end", "bert", device("config.json"), /config\.json' is a device/],
  ["a tokenizer without an end", "bert", device("tokenizer.json"), /tokenizer\.json' is a device/],
  ["weights without an end", "bert", device("model.safetensors"), /model\.safetensors' is a device/],
  ["settings that are a list", "bert", write("config.json", "[]"), /config\.json is not valid/],
  ["no config.json", "bert", remove("config.json"), /has no config\.json/],
  [
    "a vocabulary beyond the embedding",
    "bert",
    set("config.json", { vocab_size: 20 }),
    /gives ids up to \d+.*vectors for 20 tokens/s,
  ],
  [
    "no tokenizer.json",
    "bert",
    (folder) => renameSync(join(folder, "tokenizer.json"), join(folder, "vocab.txt")),
    /no tokenizer\.json, only vocab\.txt/,
  ],
  ["no weights", "bert", remove("model.safetensors"), /has no model\.safetensors/],
  [
    "only pickles",
    "bert",
    (folder) => renameSync(join(folder, "model.safetensors"), join(folder, "pytorch_model.bin")),
    /only as pytorch_model\.bin.*save_pretrained/s,
  ],
  [
    "a missing shard",
    "roberta",
    remove("model-00002-of-00003.safetensors"),
    /lacks 1 of 3 files.*model-00002-of-00003/s,
  ],
  [
    "a shard elsewhere",
    "roberta",
    set("model.safetensors.index.json", { weight_map: { "a.weight": "../x.safetensors" } }),
    /weight_map/,
  ],
  [
    "a tensor that its shard does not hold",
    "roberta",
    edit("model.safetensors.index.json", ({ weight_map: map }) => ({
      weight_map: { ...(map as Json), "x.weight": "model-00001-of-00003.safetensors" },
    })),
    /no tensor 'x\.weight'/,
  ],
  [
    "a truncated file",
    "bert",
    (folder) => truncateSync(join(folder, "model.safetensors"), 9000),
    /model\.safetensors.*damaged/s,
  ],
  [
    "an unknown module",
    "bert",
    module(2, { type: "sentence_transformers.models.CNN" }),
    /'CNN'.*Pooling \(first\), Dense/s,
  ],
  ["a module elsewhere", "bert", module(1, { path: "../1_Pooling" }), /modules\.json is not valid/],
  [
    "another first module",
    "bert",
    module(0, { type: "sentence_transformers.models.StaticEmbedding" }),
    /'StaticEmbedding'/,
  ],
  [
    "a pooling that there is not",
    "bert",
    set("1_Pooling/config.json", { pooling_mode: "median" }),
    /'median'.*cls, max, mean/s,
  ],
  ["a pooling without the prompt", "bert", set("1_Pooling/config.json", { include_prompt: false }), /include_prompt/],
  ["no settings of the pooling", "bert", remove("1_Pooling"), /1_Pooling\/config\.json is missing/],
  [
    "a dense module of another size",
    "distilbert",
    set("2_Dense/config.json", { in_features: 16 }),
    /takes 16 numbers, but gets 32/,
  ],
  [
    "a dense module with other weights",
    "distilbert",
    set("2_Dense/config.json", { out_features: 10 }),
    /takes 12 numbers, but gets 10/,
  ],
  [
    "an unknown activation of a dense module",
    "distilbert",
    set("2_Dense/config.json", { activation_function: "torch.nn.modules.activation.Mish" }),
    /'Mish'/,
  ],
  ["no length for a text", "bert", set("tokenizer_config.json", { model_max_length: 2 }), /at most 2 tokens/],
];

for (const [name, source, change, message] of faults)
  test(`refused: ${name}`, () => {
    const folder = join(scratch, name.replaceAll(" ", "-"));
    cpSync(join("test/golden/encoders", source), folder, { recursive: true });
    change(folder);
    assert.throws(
      () => readEncoder(folder),
      (error) => error instanceof UserError && message.test(error.message) && error.message.includes(folder),
      name,
    );
  });

test("500 damaged files of weights: refused, or numbers of the right shapes", () => {
  const random = createRandom(7);
  const folder = join(scratch, "damaged");
  cpSync("test/golden/encoders/bert", folder, { recursive: true });
  const path = join(folder, "model.safetensors");
  const whole = readFileSync(path);
  const header = 8 + Number(whole.readBigUInt64LE());
  const shapes = [...readEncoder(folder).weights].map(([name, { shape }]) => [name, shape]);
  let refused = 0;
  for (let i = 0; i < 500; i++) {
    const bytes = Buffer.from(i % 3 === 0 ? whole.subarray(0, random.integer(whole.length)) : whole);
    for (let k = 0; k < i % 3; k++) bytes[random.integer(header)] = random.integer(256);
    writeFileSync(path, bytes);
    try {
      assert.deepEqual(
        [...readEncoder(folder).weights].map(([name, { shape }]) => [name, shape]),
        shapes,
      );
    } catch (error) {
      assert.ok(error instanceof UserError, String(error));
      refused++;
    }
  }
  assert.ok(refused > 400, `${refused}`);
});

test("names of the first BERTs, settings of earlier versions of sentence-transformers, a folder without modules", () => {
  const [plain, old, bare] = ["bert", "old", "bare"].map((name) => {
    const folder = join(scratch, `read-${name}`);
    cpSync("test/golden/encoders/bert", folder, { recursive: true });
    return folder;
  });
  const expected = readEncoder(plain);
  const path = join(old, "model.safetensors");
  const { tensors } = decodeSafetensors(readFileSync(path));
  const former = (name: string) =>
    `bert.${name.replace(/LayerNorm\.weight$/, "LayerNorm.gamma").replace(/LayerNorm\.bias$/, "LayerNorm.beta")}`;
  writeFileSync(path, encodeSafetensors(new Map([...tensors].map(([name, tensor]) => [former(name), tensor]))));
  write(
    "1_Pooling/config.json",
    '{"word_embedding_dimension":16,"pooling_mode_mean_tokens":true,"pooling_mode_max_tokens":true}',
  )(old);
  set("sentence_bert_config.json", { max_seq_length: 12, do_lower_case: true })(old);
  set("config_sentence_transformers.json", {
    prompts: { query: "ask: ", passage: "say: " },
    default_prompt_name: "passage",
  })(old);
  module(1, { type: "sentence_transformers.models.Pooling" })(old);
  const read = readEncoder(old);
  assert.deepEqual(read.weights, expected.weights);
  assert.deepEqual(read.vector.pooling, ["max", "mean"]);
  assert.equal(read.maxLength, 12);
  assert.ok(read.lowercase);
  assert.deepEqual(read.prompts, { usual: "say: ", query: "ask: ", document: "say: " });
  for (const name of ["modules.json", "1_Pooling", "sentence_bert_config.json"]) remove(name)(bare);
  const found = readEncoder(bare);
  assert.deepEqual(found.vector, { pooling: ["mean"], modules: [] });
  assert.deepEqual([...found.files].sort(), [
    "config.json",
    "config_sentence_transformers.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
  ]);
});
