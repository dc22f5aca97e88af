// GPT-2: layer norms first, learned positions, a bias everywhere, output and token vectors in one. Source: A. Radford et al.
// 2019, "Language models are unsupervised multitask learners".
import { z } from "zod";
import type { DecoderArchitecture } from "./architecture.js";
import { epsilon, layerCount, size } from "./bert.js";
import { checkHeads, unsupported } from "./decoder-limits.js";
import { checked } from "./json-file.js";

const config = z.looseObject({
  vocab_size: size,
  n_positions: size.default(1024),
  n_embd: size,
  n_layer: layerCount,
  n_head: size,
  n_inner: size.nullish(),
  activation_function: z.string().default("gelu_new"),
  layer_norm_epsilon: epsilon.default(1e-5),
  tie_word_embeddings: z.boolean().default(true),
  scale_attn_weights: z.boolean().default(true),
  scale_attn_by_inverse_layer_idx: z.boolean().default(false),
  add_cross_attention: z.boolean().default(false),
});

const activations = { gelu_new: "geluTanh", gelu_pytorch_tanh: "geluTanh", gelu: "gelu", relu: "relu" } as const;

export const gpt2: DecoderArchitecture = {
  shape(json, path) {
    const read = checked(config, json, path);
    const { n_embd: width, n_head: heads, activation_function: activation } = read;
    if (!Object.hasOwn(activations, activation))
      throw unsupported(path, "activation_function", activation, Object.keys(activations));
    for (const [name, usual] of [
      ["scale_attn_weights", true],
      ["scale_attn_by_inverse_layer_idx", false],
      ["add_cross_attention", false],
    ] as const)
      if (read[name] !== usual) throw unsupported(path, name, read[name], [String(usual)]);
    checkHeads({ heads, keyValueHeads: heads, headWidth: width / heads, isRotary: false }, path);
    return {
      family: "transformer",
      objective: "next-token",
      vocabSize: read.vocab_size,
      contextLength: read.n_positions,
      layers: read.n_layer,
      width,
      heads,
      keyValueHeads: heads,
      feedForwardSize: read.n_inner ?? 4 * width,
      feedForward: activations[activation as keyof typeof activations],
      norm: "layer",
      positions: "learned",
      queryKeyNorm: false,
      useBias: true,
      epsilon: read.layer_norm_epsilon,
      isUntied: !read.tie_word_embeddings,
      dropout: 0,
    };
  },
  config: (shape) => ({
    vocab_size: shape.vocabSize,
    n_positions: shape.contextLength,
    n_embd: shape.width,
    n_layer: shape.layers,
    n_head: shape.heads,
    n_inner: shape.feedForwardSize,
    activation_function: { geluTanh: "gelu_new", gelu: "gelu", relu: "relu", swiglu: "", squaredRelu: "" }[
      shape.feedForward
    ],
    layer_norm_epsilon: shape.epsilon,
    tie_word_embeddings: !shape.isUntied,
    attn_pdrop: shape.dropout,
    embd_pdrop: shape.dropout,
    resid_pdrop: shape.dropout,
  }),
  className: "GPT2LMHeadModel",
  names: {
    prefix: "transformer.",
    parts: { embedding: "wte", positions: "wpe", norm: "ln_f", output: "lm_head" },
    block: "h.{}.",
    blockParts: {
      norm1: "ln_1",
      "attention/query": { name: "attn.c_attn", part: 0, of: 3 },
      "attention/key": { name: "attn.c_attn", part: 1, of: 3 },
      "attention/value": { name: "attn.c_attn", part: 2, of: 3 },
      "attention/output": "attn.c_proj",
      norm2: "ln_2",
      "feedForward/expand": "mlp.c_fc",
      "feedForward/project": "mlp.c_proj",
    },
    areInOut: true,
  },
};
