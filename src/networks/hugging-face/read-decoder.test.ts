import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { UserError } from "../../base/errors.js";
import { readDecoder } from "./read-decoder.js";

const scratch = mkdtempSync(join(tmpdir(), "columnist-read-decoder-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

type Json = Record<string, unknown>;
const set = (name: string, fields: Json) => (folder: string) => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), ...fields }));
};
const config = (fields: Json) => set("config.json", fields);
const remove = (name: string) => (folder: string) => rmSync(join(folder, name));
const yarn = { rope_type: "yarn", rope_theta: 1e4, factor: 4 };

/** What is done to a good folder, and what the message must say. */
const faults: [string, string, (folder: string) => void, RegExp][] = [
  [
    "an unknown architecture",
    "llama",
    config({ model_type: "gemma2" }),
    /'gemma2'.*gpt2, llama, mistral, qwen2, qwen3/,
  ],
  ["an encoder", "llama", config({ model_type: "bert" }), /is an encoder .*a model that writes texts is needed/],
  [
    "a scaling that is not known",
    "llama",
    config({ rope_parameters: yarn }),
    /scaled by 'yarn'.*default, linear, llama3/,
  ],
  ["an older name of it", "qwen3", config({ rope_scaling: { type: "dynamic", factor: 2 } }), /scaled by 'dynamic'/],
  [
    "a scaling without its factor",
    "llama",
    config({ rope_parameters: { rope_type: "linear" } }),
    /\(linear\) have no factor/,
  ],
  ["a part of the head turned", "llama", config({ partial_rotary_factor: 0.5 }), /partial_rotary_factor 0\.5/],
  ["another activation", "llama", config({ hidden_act: "gelu" }), /hidden_act "gelu".*supported: silu/],
  [
    "another activation of GPT-2",
    "gpt2",
    config({ activation_function: "swish" }),
    /activation_function "swish".*gelu_new/,
  ],
  [
    "scores scaled by layer",
    "gpt2",
    config({ scale_attn_by_inverse_layer_idx: true }),
    /scale_attn_by_inverse_layer_idx/,
  ],
  ["heads that share unevenly", "llama", config({ num_key_value_heads: 3 }), /4 attention heads cannot share 3/],
  ["heads of no whole width", "qwen2", config({ num_attention_heads: 6 }), /heads would be 2\.66/],
  ["heads of a huge width", "llama", config({ head_dim: 2 ** 20 }), /heads would be 1048576 wide/],
  ["another width", "llama", config({ hidden_size: 32 }), /embed_tokens\.weight' of shape \[\d+, 16\].*\[\d+, 32\]/],
  ["more layers", "gpt2", config({ n_layer: 3 }), /no tensor 'transformer\.h\.2\./],
  ["a huge number of layers", "llama", config({ num_hidden_layers: 1e9 }), /num_hidden_layers/],
  [
    "an output that is missing",
    "qwen2",
    config({ tie_word_embeddings: false }),
    /no tensor '(model\.)?lm_head\.weight'/,
  ],
  [
    "windows for other layers",
    "qwen2",
    config({ layer_types: ["full_attention"] }),
    /layer_types has 1 entries for 2 layers/,
  ],
  ["fewer vectors than tokens", "gpt2", config({ vocab_size: 100 }), /gives ids up to \d+.*vectors for 100 tokens/],
  [
    "an end that is no token",
    "llama",
    set("generation_config.json", { eos_token_id: [2, 9999] }),
    /token 9999.*vocab_size/,
  ],
  ["a shard that is missing", "llama", remove("model-00002-of-00004.safetensors"), /lacks 1 of 4 files/],
  ["no weights", "gpt2", remove("model.safetensors"), /has no model\.safetensors/],
  ["no tokenizer", "gpt2", remove("tokenizer.json"), /has no tokenizer\.json/],
  ["no settings", "gpt2", remove("config.json"), /has no config\.json/],
];

for (const [i, [name, from, damage, message]] of faults.entries())
  test(`a decoder with ${name} is refused`, () => {
    const folder = join(scratch, String(i));
    cpSync(join("test/golden/decoders", from), folder, { recursive: true });
    damage(folder);
    assert.throws(
      () => readDecoder(folder),
      (error: Error) => error instanceof UserError && message.test(error.message),
    );
  });

test("a context as long as a file promises is not asked for", () => {
  const folder = join(scratch, "long");
  cpSync("test/golden/decoders/llama", folder, { recursive: true });
  config({ max_position_embeddings: 10_000_000 })(folder);
  assert.equal(readDecoder(folder).shape.contextLength, 32_768);
});
