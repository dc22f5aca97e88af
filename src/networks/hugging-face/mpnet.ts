// MPNet: BERT without token types, with biases of attention by distance. Source: K. Song et al. 2020, arXiv:2004.09297.
import { z } from "zod";
import type { EncoderArchitecture } from "./architecture.js";
import { bert, bertShape, classifierHead, paddedConfig } from "./bert.js";
import { checked } from "./json-file.js";

const config = z.looseObject({ relative_attention_num_buckets: z.int().min(4).max(4096).multipleOf(2).default(32) });
/** Further apart, all distances are one. Neither this nor the padding's id 1 is in its config.json. */
const longest = 128;
const padding = 1;

export const mpnet: EncoderArchitecture = {
  shape: (json, path) => ({
    ...bertShape(json, path, () => padding + 1),
    tokenTypes: 0,
    distances: { buckets: checked(config, json, path).relative_attention_num_buckets, longest },
  }),
  config(shape) {
    const { type_vocab_size: _, ...config } = paddedConfig(shape);
    return { ...config, relative_attention_num_buckets: shape.distances?.buckets };
  },
  className: "MPNetModel",
  head: classifierHead("MPNet"),
  names: {
    ...bert.names,
    prefix: "mpnet.",
    parts: { ...bert.names.parts, distances: "encoder.relative_attention_bias" },
    blockParts: {
      ...bert.names.blockParts,
      "attention/query": "attention.attn.q",
      "attention/key": "attention.attn.k",
      "attention/value": "attention.attn.v",
      "attention/output": "attention.attn.o",
      norm1: "attention.LayerNorm",
    },
  },
};
