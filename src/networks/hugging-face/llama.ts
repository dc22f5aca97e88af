// Llama and its kin: RMS norms first, rotary positions, a gate of silu, heads that share keys and values. Sources: H. Touvron et
// al. 2023, arXiv:2302.13971 (llama); A. Jiang et al. 2023, arXiv:2310.06825 (mistral); Qwen team 2024, arXiv:2407.10671, and
// 2025, arXiv:2505.09388 (qwen2, qwen3).
import { z } from "zod";
import { UserError } from "../../base/errors.js";
import type { TransformerShape } from "../language/shape.js";
import type { DecoderArchitecture } from "./architecture.js";
import { epsilon, layerCount, size } from "./bert.js";
import { checkHeads, longestContext, unsupported } from "./decoder-limits.js";
import { checked } from "./json-file.js";
import { rotaryFrequencies, rotarySettings } from "./rotary-frequencies.js";

const layerKinds = ["full_attention", "sliding_attention"] as const;

const config = z.looseObject({
  ...rotarySettings.shape,
  vocab_size: size,
  hidden_size: size,
  num_hidden_layers: layerCount,
  num_attention_heads: size,
  num_key_value_heads: size.nullish(),
  head_dim: size.nullish(),
  intermediate_size: size,
  hidden_act: z.string().default("silu"),
  max_position_embeddings: size.default(2048),
  rms_norm_eps: epsilon.default(1e-6),
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  sliding_window: size.nullish(),
  use_sliding_window: z.boolean().default(false),
  max_window_layers: z.int().min(0).default(28),
  layer_types: z.array(z.enum(layerKinds)).nullish(),
  is_decoder: z.boolean().nullish(),
});
type LlamaConfig = z.output<typeof config>;

/** What differs among them. */
interface Kind {
  biases(config: LlamaConfig): { input: boolean; output: boolean };
  feedForwardBias?(config: LlamaConfig): boolean;
  queryKeyNorm?: boolean;
  headWidth?: number;
  /** The window of each layer; null: all. */
  windows?(config: LlamaConfig, path: string): (number | null)[];
}

function llamaKind(className: string, kind: Kind): DecoderArchitecture {
  return {
    shape: (json, path) => llamaShape(checked(config, json, path), kind, path),
    config: plainConfig,
    className,
    names: {
      prefix: "model.",
      parts: { embedding: "embed_tokens", norm: "norm", output: "lm_head" },
      block: "layers.{}.",
      blockParts: {
        norm1: "input_layernorm",
        "attention/query": "self_attn.q_proj",
        "attention/key": "self_attn.k_proj",
        "attention/value": "self_attn.v_proj",
        "attention/queryNorm": "self_attn.q_norm",
        "attention/keyNorm": "self_attn.k_norm",
        "attention/output": "self_attn.o_proj",
        norm2: "post_attention_layernorm",
        "feedForward/expand": "mlp.up_proj",
        "feedForward/gate": "mlp.gate_proj",
        "feedForward/project": "mlp.down_proj",
      },
    },
  };
}

/** Of a shape with the usual rotary positions. */
function plainConfig(shape: TransformerShape): Record<string, unknown> {
  return {
    vocab_size: shape.vocabSize,
    hidden_size: shape.width,
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.heads,
    num_key_value_heads: shape.keyValueHeads,
    head_dim: shape.headWidth,
    intermediate_size: shape.feedForwardSize,
    hidden_act: "silu",
    max_position_embeddings: shape.contextLength,
    rms_norm_eps: shape.epsilon,
    rope_theta: 10_000,
    tie_word_embeddings: !shape.isUntied,
    attention_bias: shape.attentionBias?.input,
    mlp_bias: shape.useBias,
    attention_dropout: shape.dropout,
  };
}

function llamaShape(read: LlamaConfig, kind: Kind, path: string): TransformerShape {
  const { hidden_size: width, num_attention_heads: heads } = read;
  if (read.hidden_act !== "silu") throw unsupported(path, "hidden_act", read.hidden_act, ["silu"]);
  const keyValueHeads = read.num_key_value_heads ?? heads;
  const headWidth = read.head_dim ?? kind.headWidth ?? width / heads;
  checkHeads({ heads, keyValueHeads, headWidth, isRotary: true }, path);
  const windows = kind.windows?.(read, path);
  return {
    family: "transformer",
    objective: "next-token",
    vocabSize: read.vocab_size,
    contextLength: Math.min(read.max_position_embeddings, longestContext),
    layers: read.num_hidden_layers,
    width,
    heads,
    keyValueHeads,
    headWidth,
    feedForwardSize: read.intermediate_size,
    feedForward: "swiglu",
    norm: "rms",
    positions: "rotary",
    rotaryFrequencies: rotaryFrequencies(read, headWidth, path),
    rotaryPairs: "halves",
    queryKeyNorm: kind.queryKeyNorm ?? false,
    useBias: kind.feedForwardBias?.(read) ?? false,
    attentionBias: kind.biases(read),
    epsilon: read.rms_norm_eps,
    ...(windows?.some((window) => window !== null) && { windows }),
    isUntied: !read.tie_word_embeddings,
    dropout: 0,
  };
}

const none = () => ({ input: false, output: false });

export const llama = llamaKind("LlamaForCausalLM", {
  biases: ({ attention_bias: all }) => ({ input: all, output: all }),
  feedForwardBias: ({ mlp_bias: has }) => has,
});

export const mistral = llamaKind("MistralForCausalLM", {
  biases: none,
  windows: ({ sliding_window: window = 4096, num_hidden_layers: layers }) =>
    new Array<number | null>(layers).fill(window),
});

function qwenWindows(read: LlamaConfig, path: string): (number | null)[] {
  const { num_hidden_layers: layers, sliding_window: window = 4096, layer_types: types } = read;
  if (types && types.length !== layers)
    throw new UserError(
      `${path} is not valid: layer_types has ${types.length} entries for ${layers} layers. Download it again.`,
    );
  return Array.from({ length: layers }, (_, layer) => {
    const isLocal = types ? types[layer] === "sliding_attention" : layer >= read.max_window_layers;
    return read.use_sliding_window && isLocal ? window : null;
  });
}

export const qwen2 = llamaKind("Qwen2ForCausalLM", {
  biases: () => ({ input: true, output: false }),
  windows: qwenWindows,
});

export const qwen3 = llamaKind("Qwen3ForCausalLM", {
  biases: ({ attention_bias: all }) => ({ input: all, output: all }),
  queryKeyNorm: true,
  headWidth: 128,
  windows: qwenWindows,
});
