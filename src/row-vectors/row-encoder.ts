// From texts to vectors of rows: the one thing that embed, index, search, topics and duplicates need. What trains words and
// what runs networks is loaded only where it is used, so that a question to an index starts soon.

import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import type { Watch } from "../base/progress.js";
import type { TokenReader } from "../embeddings/token-reader.js";
import { type WordLookup, type WordVectors, wordLookup } from "../embeddings/word-vectors.js";
import { tellFolder } from "../folders/index.js";
import { isHuggingFaceFolder } from "../networks/hugging-face/folder.js";
import type { Precision, UnitEncodeOptions } from "../networks/hugging-face/index.js";
import { isStaticFolder } from "../networks/hugging-face/static-vectors.js";
import { vectorsPath } from "./find-vectors.js";
import { openVectors } from "./open-vectors.js";
import { encodeRows, fitSif, type Sif } from "./sif.js";
import { encodeTokenRows } from "./token-rows.js";

export interface RowEncoder {
  /** Numbers of a vector. */
  dim: number;
  /** For people: what makes the vectors. */
  description: string;
  /** Of a pretrained encoder: what its products are computed with. */
  precision?: Precision;
  /** Unit vectors (texts, dim); rows that say nothing to the encoder have zeros and are not `known`. */
  encode(texts: readonly string[], options?: UnitEncodeOptions): Promise<{ vectors: Float32Array; known: Uint8Array }>;
  close(): Promise<void>;
}

/** An encoder and what an index keeps of it. */
export interface SourcedEncoder extends RowEncoder {
  source: /** sif: of words; vectors of tokens hold their weights. */
    | { kind: "words"; words: WordVectors; sif?: Sif }
    | { kind: "model"; folder: string }
    /** copyTo: writes a folder that is the same encoder. */
    | { kind: "pretrained"; copyTo(target: string): void };
}

export interface PretrainedOptions extends Pick<RowEncoderOptions, "threads" | "precision"> {
  /** For people. */
  name?: string;
  /** On some of which auto compares. */
  texts?: readonly string[];
}

export interface RowEncoderOptions {
  /**
   * Vectors of words or tokens (folder or file), the folder of a trained network, or a pretrained encoder; models of the Hub's cache
   * by their ids too. Without it words are learned from the texts.
   */
  with?: string;
  seed: number;
  threads: number;
  /**
   * Of a pretrained encoder; default: as its folder has it. auto: int8 where its vectors of some of the texts are near those
   * of float32. Others know float32 alone.
   */
  precision?: Precision | "auto";
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
  const name = options.with;
  const path = vectorsPath(name);
  if (options.precision === "int8" && !(path !== undefined && isPretrained(path))) throw noEightBits(path);
  if (name === undefined || path === undefined) {
    const { learnWordVectors } = await import("./learn-words.js");
    const words = await learnWordVectors(texts, { seed: options.seed, threads: options.threads }, watch);
    return wordsEncoder(words, texts, options, `${words.words.length} words learned from the table`);
  }
  const kind = tellFolder(path)?.kind;
  if (kind === "text-model" || kind === "language-model") return modelEncoder(path, options.threads);
  if (isPretrained(path)) return pretrainedEncoder(path, { ...options, name, texts }, watch);
  watch.onProgress?.({ stage: "reading vectors", done: 0, total: 1 });
  const words = await openVectors(path);
  const { tokens } = words;
  if (!tokens) return wordsEncoder(words, texts, options, `${words.words.length} words of ${path}`);
  const description = `vectors of ${words.words.length} tokens of ${name}`;
  return { ...tokensEncoder(wordLookup(words), tokens, description), source: { kind: "words", words } };
}

/** Is an encoder in Hugging Face's layout; static vectors are vectors of words. */
function isPretrained(path: string): boolean {
  return !tellFolder(path) && isHuggingFaceFolder(path) && !isStaticFolder(path);
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

/** Rows as means of the vectors of their tokens. */
export function tokensEncoder(words: WordLookup, tokens: TokenReader, description: string): RowEncoder {
  return {
    dim: words.dim,
    description,
    encode: async (texts) => encodeTokenRows(words, tokens, texts),
    async close() {},
  };
}

/** Rows as a trained network sees them. */
export async function modelEncoder(folder: string, threads: number): Promise<SourcedEncoder> {
  const { openModelEncoder } = await import("./model-encoder.js");
  return openModelEncoder(folder, threads);
}

/** Rows as a pretrained encoder in Hugging Face's layout sees them. */
export async function pretrainedEncoder(
  folder: string,
  options: PretrainedOptions,
  watch?: Watch,
): Promise<SourcedEncoder> {
  const { openPretrainedEncoder } = await import("./model-encoder.js");
  return openPretrainedEncoder(folder, options, watch);
}

function noEightBits(path: string | undefined): UserError {
  const setting = `${option("precision")} int8`;
  if (path !== undefined && tellFolder(path)?.kind === "text-model")
    return new UserError(
      `${setting} is for pretrained encoders, and '${path}' is a trained model. Write it in 8 bits with columnist quantize, and ` +
        `specify that folder with ${option("with")}.`,
    );
  return new UserError(
    `${setting} is for pretrained encoders (columnist models lists them), and ${path === undefined ? "words are learned here" : `'${path}' is none`}. ` +
      `Omit ${option("precision")}.`,
  );
}
