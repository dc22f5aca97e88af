// A decoder in a GGUF file: its settings in the words of config.json, its tensors as our weights, its own tokenizer.
import { UserError } from "../../base/errors.js";
import { checkRegularFile } from "../../base/regular-file.js";
import { inFile } from "../../folders/index.js";
import { type GgufFile, openGguf } from "../../formats/gguf/open-gguf.js";
import { loadFramedTokenizer } from "../../text/tokenizers/index.js";
import type { DecoderArchitecture, WeightNames } from "../hugging-face/architecture.js";
import { llama, qwen2, qwen3 } from "../hugging-face/llama.js";
import { checkIds, longestTemplate, type PretrainedDecoder, readDecoderWeights } from "../hugging-face/read-decoder.js";
import type { WeightFiles } from "../hugging-face/weight-files.js";
import type { TransformerShape } from "../language/shape.js";
import { type Settings, settingsOf } from "./settings.js";
import { ggufTokenizerJson } from "./tokenizer-json.js";

/** By general.architecture. Rows of queries and keys of llama are ordered so that neighbours turn together. */
const architectures: Record<string, { of: DecoderArchitecture; pairs: TransformerShape["rotaryPairs"] }> = {
  llama: { of: llama, pairs: "adjacent" },
  qwen2: { of: qwen2, pairs: "halves" },
  qwen3: { of: qwen3, pairs: "halves" },
};

const names: WeightNames = {
  prefix: "",
  parts: { embedding: "token_embd", norm: "output_norm", output: "output" },
  block: "blk.{}.",
  blockParts: {
    norm1: "attn_norm",
    "attention/query": "attn_q",
    "attention/key": "attn_k",
    "attention/value": "attn_v",
    "attention/queryNorm": "attn_q_norm",
    "attention/keyNorm": "attn_k_norm",
    "attention/output": "attn_output",
    norm2: "ffn_norm",
    "feedForward/expand": "ffn_up",
    "feedForward/gate": "ffn_gate",
    "feedForward/project": "ffn_down",
  },
};

/**
 * @param inFloats - all weights become 32-bit floats. Default: matrices of few bits stay as they are
 * @throws UserError for an architecture, a tokenizer or a type of numbers that is not supported, and for a damaged file
 * @example
 * const { shape, weights } = readGgufDecoder("smollm2-135m-instruct.gguf");
 */
export function readGgufDecoder(path: string, inFloats = false): PretrainedDecoder {
  checkRegularFile(path, "a GGUF file");
  return inFile(path, () => {
    const file = openGguf(path);
    try {
      return decoderOf(file, path, inFloats);
    } finally {
      file.close();
    }
  });
}

function decoderOf(file: GgufFile, path: string, inFloats: boolean): PretrainedDecoder {
  const settings = settingsOf(file);
  const type = settings.need("general.architecture", settings.text("general.architecture"));
  if (!Object.hasOwn(architectures, type))
    throw new UserError(
      `'${path}' is a model of a type that is not supported (its general.architecture is '${type.slice(0, 60)}'). Supported ` +
        `in GGUF files: ${Object.keys(architectures).join(", ")}.`,
    );
  const parts = settings.number("split.count") ?? 1;
  if (parts > 1)
    throw new UserError(`'${path}' is one of ${parts} parts. Join them with llama-gguf-split, or use one file.`);
  const { of: architecture, pairs } = architectures[type];
  const shape = { ...architecture.shape(configOf(file, settings, type), path), rotaryPairs: pairs };
  scaleFrequencies(shape, file);
  const tokenizer = loadFramedTokenizer(ggufTokenizerJson(settings));
  checkIds(tokenizer, shape, path, path);
  const token = (name: string) => settings.number(`tokenizer.ggml.${name}_token_id`);
  const isToken = (id: number | undefined): id is number => id !== undefined && id >= 0 && id < shape.vocabSize;
  const endIds = [...new Set(["eos", "eot", "eom"].map(token).filter(isToken))];
  const beginId = [token("bos"), endIds[0], 0].find(isToken)!;
  const template = settings.text("tokenizer.chat_template");
  const textOf = (id: number | undefined) => (isToken(id) ? (tokenizer.tokenizer.idToToken(id) ?? "") : "");
  return {
    type,
    shape,
    weights: readDecoderWeights(shape, names, asWeightFiles(file, path), path, ({ tensor }) =>
      inFloats ? undefined : file.readBlocks(tensor),
    ),
    tokenizer,
    beginId,
    endIds,
    ...(template &&
      template.length <= longestTemplate && {
        chat: { template, beginToken: textOf(token("bos")), endToken: textOf(token("eos")) },
      }),
  };
}

/** What its settings are called in a config.json. */
function configOf({ tensors }: GgufFile, settings: Settings, type: string): Record<string, unknown> {
  const number = (name: string) => settings.number(`${type}.${name}`);
  const refuse = (what: string) =>
    new UserError(`This GGUF file has ${what}, which is not supported. Use another model.`);
  if ((number("expert_count") ?? 0) > 0) throw refuse(`${number("expert_count")} experts`);
  const width = number("embedding_length");
  const heads = number("attention.head_count");
  const headWidth = number("attention.key_length") ?? (width ?? 0) / (heads ?? 1);
  if ((number("attention.value_length") ?? headWidth) !== headWidth) throw refuse("values of another width than keys");
  if ((number("rope.dimension_count") ?? headWidth) !== headWidth)
    throw refuse("rotary positions of a part of each head");
  const scaling = settings.text(`${type}.rope.scaling.type`) ?? "none";
  const has = (name: string) => tensors.has(name);
  return {
    vocab_size: tensors.get("token_embd.weight")?.shape[0],
    hidden_size: width,
    num_hidden_layers: number("block_count"),
    num_attention_heads: heads,
    num_key_value_heads: number("attention.head_count_kv"),
    head_dim: headWidth,
    intermediate_size: number("feed_forward_length"),
    max_position_embeddings: number("context_length"),
    rms_norm_eps: number("attention.layer_norm_rms_epsilon"),
    tie_word_embeddings: !has("output.weight"),
    attention_bias: has("blk.0.attn_q.bias") && has("blk.0.attn_output.bias"),
    mlp_bias: has("blk.0.ffn_up.bias"),
    rope_theta: number("rope.freq_base"),
    rope_scaling: scaling === "none" ? null : { type: scaling, factor: number("rope.scaling.factor") },
  };
}

/** What Llama 3's scaling makes of the angles stands in the file as their divisors. */
function scaleFrequencies(shape: TransformerShape, file: GgufFile): void {
  const divisors = file.read("rope_freqs.weight");
  if (!divisors) return;
  const plain = shape.rotaryFrequencies ?? [];
  if (divisors.length !== plain.length)
    throw new UserError(
      `This GGUF file is damaged: rope_freqs.weight has ${divisors.length} numbers for ${plain.length} pairs. Download it again.`,
    );
  shape.rotaryFrequencies = plain.map((frequency, i) => Math.fround(frequency / divisors[i]));
}

function asWeightFiles(file: GgufFile, path: string): WeightFiles {
  return {
    names: [path],
    shapes: new Map([...file.tensors].map(([name, { shape }]) => [name, shape])),
    fileOf: () => path,
    read: (name) => file.read(name),
    readArray: (name) => file.read(name),
    close: () => file.close(),
  };
}
