// DistilBERT: BERT without token types, under other names. Source: V. Sanh et al. 2019, arXiv:1910.01108.
import { z } from "zod";
import type { EncoderArchitecture } from "./architecture.js";
import { activationOf, layerCount, rate, size } from "./bert.js";
import { checked } from "./json-file.js";

const config = z.looseObject({
  vocab_size: size,
  dim: size,
  n_layers: layerCount,
  n_heads: size,
  hidden_dim: size,
  activation: z.string().default("gelu"),
  max_position_embeddings: size,
  dropout: rate,
  attention_dropout: rate,
});

export const distilbert: EncoderArchitecture = {
  shape(json, path) {
    const read = checked(config, json, path);
    const rows = read.max_position_embeddings;
    return {
      vocabSize: read.vocab_size,
      maxLength: rows,
      layers: read.n_layers,
      width: read.dim,
      heads: read.n_heads,
      feedForwardSize: read.hidden_dim,
      activation: activationOf(read.activation, path),
      normFirst: false,
      epsilon: 1e-12,
      biases: { norm: true, attention: true, feedForward: true },
      firstNorm: true,
      lastNorm: false,
      positions: { rows, first: 0 },
      tokenTypes: 0,
      dropout: read.dropout,
      attentionDropout: read.attention_dropout,
    };
  },
  config: (shape) => ({
    vocab_size: shape.vocabSize,
    dim: shape.width,
    n_layers: shape.layers,
    n_heads: shape.heads,
    hidden_dim: shape.feedForwardSize,
    activation: shape.activation,
    max_position_embeddings: shape.maxLength,
    dropout: shape.dropout,
    attention_dropout: shape.attentionDropout,
    pad_token_id: 0,
  }),
  className: "DistilBertModel",
  head: {
    class: "DistilBertForSequenceClassification",
    dense: "pre_classifier",
    activation: "relu",
    output: "classifier",
  },
  names: {
    prefix: "distilbert.",
    parts: {
      embedding: "embeddings.word_embeddings",
      positions: "embeddings.position_embeddings",
      embeddingNorm: "embeddings.LayerNorm",
    },
    block: "transformer.layer.{}.",
    blockParts: {
      "attention/query": "attention.q_lin",
      "attention/key": "attention.k_lin",
      "attention/value": "attention.v_lin",
      "attention/output": "attention.out_lin",
      norm1: "sa_layer_norm",
      feedForward1: "ffn.lin1",
      feedForward2: "ffn.lin2",
      norm2: "output_layer_norm",
    },
  },
};
