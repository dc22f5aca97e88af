// The folder of an index: rows with their vectors, shards of an approximate index, and in a folder of its own what encodes
// questions: word vectors, a model, or a copy of a pretrained encoder.
import { z } from "zod";
import { type FolderKind, factText } from "./folder-kind.js";

const facts = z.object({
  textColumns: z.array(factText),
  rows: z.int().min(1),
  dim: z.int().min(1).max(65536),
  encoder: z.object({ kind: z.enum(["words", "model", "pretrained"]), description: z.string() }),
  /** Bytes of each file of the approximate index; none where rows are few and all are compared. */
  shards: z.array(z.int().min(1)),
  data: z.object({ source: factText }),
  /** What is ignored in texts and questions: a regular expression. */
  ignore: factText.min(1).optional(),
});

export const rowIndex = {
  noun: "an index",
  folder: "index",
  not: "not an index",
  made: "columnist index",
  uses: "columnist search or inspect",
  facts,
  owns: /^(rows\.parquet|sif\.safetensors|words|model|encoder|hnsw-\d+\.usearch)$/,
} satisfies FolderKind;
