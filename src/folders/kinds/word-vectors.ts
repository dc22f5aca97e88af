// The folder of word vectors, or of vectors of a tokenizer's tokens.
import { z } from "zod";
import { option } from "../../base/option.js";
import type { FolderKind } from "./folder-kind.js";

const facts = z.object({
  method: z.string(),
  /** Lower-cased words were counted. */
  lowercase: z.boolean(),
  /** Words of scripts that write no blanks are those of ICU's dictionaries; older folders do not say it. */
  segmented: z.boolean().optional(),
  dim: z.int().min(1),
  words: z.int().min(0),
  options: z.record(z.string(), z.unknown()),
  data: z.object({ source: z.string(), texts: z.number(), tokens: z.number() }),
  /** Words are the tokens of tokenizer.json, and their vectors hold their weights. lowercase: texts are lowercased first. */
  tokenizer: z.object({ lowercase: z.boolean() }).optional(),
  /** Lengths of character n-grams, where there are some. */
  ngrams: z.object({ minLength: z.int().min(1), maxLength: z.int().min(1).max(32) }).optional(),
});

export const wordVectors = {
  noun: "word vectors",
  folder: "folder of word vectors",
  not: "contains no word vectors",
  made: "columnist embeddings train",
  uses: `columnist similar, embeddings evaluate or inspect, or ${option("with")} and ${option("embeddings")}`,
  facts,
  owns: /^(vocabulary\.json|vectors\.safetensors|tokenizer\.json)$/,
} satisfies FolderKind;
