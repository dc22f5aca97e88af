// ModernBERT: norms first and mostly without biases, rotary positions, GeGLU, and attention that is local in most layers.
// Source: B. Warner et al. 2024, arXiv:2412.13663.
import { z } from "zod";
import { UserError } from "../../base/errors.js";
import type { EncoderArchitecture, PartName } from "./architecture.js";
import { epsilon, layerCount, rate, size } from "./bert.js";
import { checked } from "./json-file.js";

const layerKinds = ["full_attention", "sliding_attention"] as const;
const rotary = z.looseObject({
  rope_type: z.string().default("default"),
  rope_theta: z.number().positive().optional(),
});

const config = z.looseObject({
  vocab_size: size,
  hidden_size: size,
  num_hidden_layers: layerCount,
  num_attention_heads: size,
  intermediate_size: size,
  hidden_activation: z.string().default("gelu"),
  max_position_embeddings: size,
  norm_eps: epsilon.default(1e-5),
  norm_bias: z.boolean().default(false),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  embedding_dropout: rate,
  mlp_dropout: rate,
  attention_dropout: rate,
  local_attention: z
    .int()
    .min(1)
    .max(2 ** 24)
    .default(128),
  layer_types: z.array(z.enum(layerKinds)).nullish(),
  global_attn_every_n_layers: z.int().min(1).default(3),
  rope_parameters: z.partialRecord(z.enum(layerKinds), rotary.nullable()).nullish(),
  rope_scaling: z.unknown().optional(),
  global_rope_theta: z.number().positive().default(160_000),
  local_rope_theta: z.number().positive().nullable().default(10_000),
});

export const modernbert: EncoderArchitecture = {
  shape(json, path) {
    const read = checked(config, json, path);
    const unsupported = (name: string, value: unknown) =>
      new UserError(
        `${path} has the ${name} ${JSON.stringify(value)?.slice(0, 60)}, which is not supported. Use another model.`,
      );
    if (read.hidden_activation !== "gelu") throw unsupported("hidden_activation", read.hidden_activation);
    if (read.rope_scaling) throw unsupported("rope_scaling", read.rope_scaling);
    const layers = read.num_hidden_layers;
    const kinds =
      read.layer_types ??
      Array.from({ length: layers }, (_, i) => layerKinds[i % read.global_attn_every_n_layers === 0 ? 0 : 1]);
    if (kinds.length !== layers)
      throw new UserError(
        `${path} is not valid: layer_types has ${kinds.length} entries for ${layers} layers. Download it again.`,
      );
    const baseOf = (kind: (typeof layerKinds)[number]) => {
      const { rope_type: type = "default", rope_theta: base } = read.rope_parameters?.[kind] ?? {};
      if (type !== "default") throw unsupported("rope_type", type);
      const own = kind === "full_attention" ? read.global_rope_theta : read.local_rope_theta;
      return base ?? own ?? read.global_rope_theta;
    };
    return {
      vocabSize: read.vocab_size,
      maxLength: read.max_position_embeddings,
      layers,
      width: read.hidden_size,
      heads: read.num_attention_heads,
      feedForwardSize: read.intermediate_size,
      activation: "geglu",
      normFirst: true,
      epsilon: read.norm_eps,
      biases: { norm: read.norm_bias, attention: read.attention_bias, feedForward: read.mlp_bias },
      firstNorm: false,
      lastNorm: true,
      tokenTypes: 0,
      rotaryBases: kinds.map(baseOf),
      windows: kinds.map((kind) => (kind === "full_attention" ? null : Math.floor(read.local_attention / 2))),
      dropout: read.mlp_dropout,
      attentionDropout: read.attention_dropout,
    };
  },
  config(shape) {
    const { width, biases, windows = [], rotaryBases = [] } = shape;
    const kinds = windows.map((window) => layerKinds[window === null ? 0 : 1]);
    const baseOf = (kind: (typeof layerKinds)[number]) => rotaryBases[kinds.indexOf(kind)];
    return {
      vocab_size: shape.vocabSize,
      hidden_size: width,
      num_hidden_layers: shape.layers,
      num_attention_heads: shape.heads,
      intermediate_size: shape.feedForwardSize,
      hidden_activation: "gelu",
      max_position_embeddings: shape.maxLength,
      norm_eps: shape.epsilon,
      norm_bias: biases.norm,
      attention_bias: biases.attention,
      mlp_bias: biases.feedForward,
      embedding_dropout: shape.dropout,
      mlp_dropout: shape.dropout,
      attention_dropout: shape.attentionDropout,
      local_attention: 2 * (windows.find((window) => window !== null) ?? 64),
      layer_types: kinds,
      rope_parameters: Object.fromEntries(
        layerKinds.map((kind) => [kind, { rope_type: "default", rope_theta: baseOf(kind) ?? 10_000 }]),
      ),
      pad_token_id: 0,
    };
  },
  className: "ModernBertModel",
  names: {
    prefix: "model.",
    parts: { embedding: "embeddings.tok_embeddings", embeddingNorm: "embeddings.norm", norm: "final_norm" },
    block: "layers.{}.",
    blockParts: {
      norm1: "attn_norm",
      "attention/query": partOf("attn.Wqkv", 0, 3),
      "attention/key": partOf("attn.Wqkv", 1, 3),
      "attention/value": partOf("attn.Wqkv", 2, 3),
      "attention/output": "attn.Wo",
      norm2: "mlp_norm",
      feedForwardGate: partOf("mlp.Wi", 0, 2),
      feedForward1: partOf("mlp.Wi", 1, 2),
      feedForward2: "mlp.Wo",
    },
  },
};

function partOf(name: string, part: number, of: number): PartName {
  return { name, part, of };
}
