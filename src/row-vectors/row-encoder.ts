// From texts to vectors of rows: the one thing that embed, index, search, topics and duplicates need. What trains words and
// what runs networks is loaded only where it is used, so that a question to an index starts soon.
import type { Watch } from "../base/progress.js";
import { readWordVectors } from "../embeddings/read-vectors.js";
import type { WordVectors } from "../embeddings/word-vectors.js";
import { tellFolder } from "../folders/index.js";
import { isHuggingFaceFolder } from "../networks/hugging-face/folder.js";
import { encodeRows, fitSif, type Sif } from "./sif.js";

export interface EncodeOptions {
  /** What the texts are, for encoders that read questions and what answers them in two ways. Default: neither. */
  purpose?: "question" | "document";
  signal?: AbortSignal;
  /** Called with the share of the work that is done, as a number of texts. */
  onTexts?(done: number): void;
}

export interface RowEncoder {
  /** Numbers of a vector. */
  dim: number;
  /** For people: what makes the vectors. */
  description: string;
  /** Unit vectors (texts, dim); rows that say nothing to the encoder have zeros and are not `known`. */
  encode(texts: readonly string[], options?: EncodeOptions): Promise<{ vectors: Float32Array; known: Uint8Array }>;
  close(): Promise<void>;
}

/** An encoder and what an index keeps of it. */
export interface SourcedEncoder extends RowEncoder {
  source:
    | { kind: "words"; words: WordVectors; sif: Sif }
    | { kind: "model"; folder: string }
    /** files: all that another folder needs of it to be the same encoder. */
    | { kind: "pretrained"; folder: string; files: readonly string[] };
}

export interface RowEncoderOptions {
  /** Word vectors (folder or file), or the folder of a trained network or of a pretrained encoder; without it words are learned from the texts. */
  with?: string;
  seed: number;
  threads: number;
  /** Whether vectors of words lose what all rows have in common. Default true. */
  removeCommon?: boolean;
}

/**
 * @param texts - the table's texts: the words' vectors are learned from them where none are given, and in any case the
 * common direction of the rows.
 * @throws UserError when `with` names nothing that can encode rows
 * @example
 * const encoder = await openRowEncoder(texts, { seed: 0, threads: 2 });
 * const { vectors } = await encoder.encode(texts);
 */
export async function openRowEncoder(
  texts: readonly string[],
  options: RowEncoderOptions,
  watch: Watch = {},
): Promise<SourcedEncoder> {
  const path = options.with;
  if (path === undefined) {
    const { learnWordVectors } = await import("./learn-words.js");
    const words = await learnWordVectors(texts, { seed: options.seed, threads: options.threads }, watch);
    return wordsEncoder(words, texts, options, `${words.words.length} words learned from the table`);
  }
  const kind = tellFolder(path)?.kind;
  if (kind === "text-model" || kind === "language-model") return modelEncoder(path, options.threads);
  if (isHuggingFaceFolder(path)) return pretrainedEncoder(path, options.threads);
  watch.onProgress?.({ stage: "reading vectors", done: 0, total: 1 });
  const words = await readWordVectors(path);
  return wordsEncoder(words, texts, options, `${words.words.length} words of ${path}`);
}

function wordsEncoder(
  words: WordVectors,
  texts: readonly string[],
  { removeCommon }: RowEncoderOptions,
  description: string,
): SourcedEncoder {
  const sif = fitSif(words, texts, { removeCommon });
  return { ...sifEncoder(sif, description), source: { kind: "words", words, sif } };
}

/** Rows as SIF has them. */
export function sifEncoder(sif: Sif, description: string): RowEncoder {
  return {
    dim: sif.words.dim,
    description,
    encode: async (texts) => encodeRows(sif, texts),
    async close() {},
  };
}

/** Rows as a trained network sees them. */
export async function modelEncoder(folder: string, threads: number): Promise<SourcedEncoder> {
  const { openModelEncoder } = await import("./model-encoder.js");
  return openModelEncoder(folder, threads);
}

/** Rows as a pretrained encoder in Hugging Face's layout sees them. */
export async function pretrainedEncoder(folder: string, threads: number): Promise<SourcedEncoder> {
  const { openPretrainedEncoder } = await import("./model-encoder.js");
  return openPretrainedEncoder(folder, threads);
}
