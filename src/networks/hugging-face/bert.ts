// BERT and its kin: the norm behind each sum, learned positions, a bias everywhere.
import { z } from "zod";
import { UserError } from "../../base/errors.js";
import type { EncoderShape } from "../encoders/shape.js";
import type { EncoderArchitecture, EncoderHead, WeightNames } from "./architecture.js";
import { checked } from "./json-file.js";

// Bounds: the file may be a stranger's.
export const size = z
  .int()
  .min(1)
  .max(2 ** 24);
export const layerCount = z.int().min(1).max(512);
export const rate = z.number().min(0).lt(1).default(0);
export const epsilon = z.number().positive().max(1);

const config = z.looseObject({
  vocab_size: size,
  hidden_size: size,
  num_hidden_layers: layerCount,
  num_attention_heads: size,
  intermediate_size: size,
  hidden_act: z.string().default("gelu"),
  max_position_embeddings: size,
  type_vocab_size: z.int().min(0).max(1024).default(2),
  layer_norm_eps: epsilon.default(1e-12),
  pad_token_id: z.int().min(0).nullish(),
  position_embedding_type: z.string().nullish(),
  is_decoder: z.boolean().nullish(),
  add_cross_attention: z.boolean().nullish(),
  hidden_dropout_prob: rate,
  attention_probs_dropout_prob: rate,
});
export type BertConfig = z.output<typeof config>;

/** @param first - position of the first token: in RoBERTa's kind the rows up to the padding's id are no positions. */
export function bertShape(json: unknown, path: string, first: (config: BertConfig) => number): EncoderShape {
  const read = checked(config, json, path);
  if (read.is_decoder || read.add_cross_attention)
    throw new UserError(`${path} describes a decoder, where an encoder is needed. Use a model that encodes texts.`);
  const { position_embedding_type: kind, max_position_embeddings: rows } = read;
  if (kind && kind !== "absolute")
    throw new UserError(
      `${path} has the position_embedding_type ${kind}, which is not supported (supported: absolute). Use another model.`,
    );
  const at = first(read);
  if (at >= rows)
    throw new UserError(
      `${path} is not valid: with the padding id ${read.pad_token_id}, ${rows} position embeddings leave no position for a ` +
        "token. Download it again.",
    );
  return {
    vocabSize: read.vocab_size,
    maxLength: rows - at,
    layers: read.num_hidden_layers,
    width: read.hidden_size,
    heads: read.num_attention_heads,
    feedForwardSize: read.intermediate_size,
    activation: activationOf(read.hidden_act, path),
    normFirst: false,
    epsilon: read.layer_norm_eps,
    biases: { norm: true, attention: true, feedForward: true },
    firstNorm: true,
    lastNorm: false,
    positions: { rows, first: at },
    tokenTypes: read.type_vocab_size,
    dropout: read.hidden_dropout_prob,
    attentionDropout: read.attention_probs_dropout_prob,
  };
}

/** The other way round. */
export function bertConfig(shape: EncoderShape): Record<string, unknown> {
  const { positions, activation } = shape;
  return {
    vocab_size: shape.vocabSize,
    hidden_size: shape.width,
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.heads,
    intermediate_size: shape.feedForwardSize,
    hidden_act: activation,
    max_position_embeddings: positions?.rows ?? shape.maxLength,
    // Theirs has one at least: a shape without is another architecture's.
    type_vocab_size: Math.max(1, shape.tokenTypes),
    layer_norm_eps: shape.epsilon,
    hidden_dropout_prob: shape.dropout,
    attention_probs_dropout_prob: shape.attentionDropout,
  };
}

/** Of architectures whose positions begin behind that of the padding. */
export function paddedConfig(shape: EncoderShape): Record<string, unknown> {
  return { ...bertConfig(shape), pad_token_id: (shape.positions?.first ?? 1) - 1 };
}

const activationNames: Record<string, "gelu" | "relu"> = { gelu: "gelu", relu: "relu" };

export function activationOf(name: string, path: string): "gelu" | "relu" {
  if (Object.hasOwn(activationNames, name)) return activationNames[name];
  throw new UserError(
    `${path} has the activation '${name.slice(0, 40)}', which is not supported (supported: ` +
      `${Object.keys(activationNames).join(", ")}). Use another model.`,
  );
}

const names = (prefix: string): WeightNames => ({
  prefix,
  parts: {
    embedding: "embeddings.word_embeddings",
    tokenTypes: "embeddings.token_type_embeddings",
    positions: "embeddings.position_embeddings",
    embeddingNorm: "embeddings.LayerNorm",
  },
  block: "encoder.layer.{}.",
  blockParts: {
    "attention/query": "attention.self.query",
    "attention/key": "attention.self.key",
    "attention/value": "attention.self.value",
    "attention/output": "attention.output.dense",
    norm1: "attention.output.LayerNorm",
    feedForward1: "intermediate.dense",
    feedForward2: "output.dense",
    norm2: "output.LayerNorm",
  },
});

export const bert: EncoderArchitecture = {
  shape: (json, path) => bertShape(json, path, () => 0),
  config: (shape) => ({ ...bertConfig(shape), pad_token_id: 0 }),
  names: names("bert."),
  className: "BertModel",
  head: {
    class: "BertForSequenceClassification",
    dense: "bert.pooler.dense",
    activation: "tanh",
    output: "classifier",
  },
};

/** Of RoBERTa's kin. */
export const classifierHead = (name: string): EncoderHead => ({
  class: `${name}ForSequenceClassification`,
  dense: "classifier.dense",
  activation: "tanh",
  output: "classifier.out_proj",
});

const robertaNamed = (name: string): EncoderArchitecture => ({
  shape: (json, path) => bertShape(json, path, ({ pad_token_id: padding }) => (padding ?? 1) + 1),
  config: paddedConfig,
  names: names("roberta."),
  className: `${name}Model`,
  head: classifierHead(name),
});

export const roberta = robertaNamed("Roberta");
/** The same network. */
export const xlmRoberta = robertaNamed("XLMRoberta");
