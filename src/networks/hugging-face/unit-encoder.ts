// A pretrained encoder that is open: unit vectors of texts, with the words in front that the model was trained with.
import { openGraphEncoder } from "../encoders/graph-encoder.js";
import { openTextEncoder, type TextEncoder } from "../encoders/text-encoder.js";
import { unitRows } from "../unit-rows.js";
import type { PretrainedEncoder } from "./read-encoder.js";
import type { PretrainedGraph } from "./read-graph-encoder.js";

export interface UnitEncodeOptions {
  /** What the texts are, for encoders that read questions and what answers them in two ways. Default: neither. */
  purpose?: "question" | "document";
  signal?: AbortSignal;
  /** Called with the number of texts that have their vectors. */
  onTexts?(done: number): void;
}

export interface UnitEncoder {
  /** Numbers of a vector. */
  dim: number;
  /** Row-major (texts, dim); texts without tokens of their own are not `known` and have zeros. */
  encode(texts: readonly string[], options?: UnitEncodeOptions): Promise<{ vectors: Float32Array; known: Uint8Array }>;
  /** Operations of `encode`; left out where the graph is a file's. */
  flops?(texts: readonly string[]): Promise<number>;
  close(): Promise<void>;
}

/**
 * @example
 * const encoder = openUnitEncoder(readEncoder("models/all-MiniLM-L6-v2"), 2);
 * const { vectors } = await encoder.encode(["Where is my card?"]);
 */
export function openUnitEncoder(model: PretrainedEncoder, threads: number): UnitEncoder {
  return unitEncoder(openTextEncoder(model, threads), model.prompts);
}

/** @throws UserError for an ONNX file that may not be run, or is no encoder */
export async function openUnitGraph(model: PretrainedGraph, threads: number): Promise<UnitEncoder> {
  return unitEncoder(await openGraphEncoder(model, threads), model.prompts);
}

function unitEncoder(
  { dim, encode, flops, close }: Omit<TextEncoder, "encodeIds" | "flops"> & Partial<Pick<TextEncoder, "flops">>,
  { usual, query = usual, document = usual }: PretrainedEncoder["prompts"],
): UnitEncoder {
  return {
    dim,
    ...(flops && {
      flops: (texts: readonly string[]) => flops(usual === "" ? texts : texts.map((text) => usual + text)),
    }),
    async encode(texts, { purpose, ...watch } = {}) {
      const prompt = purpose === undefined ? usual : purpose === "question" ? query : document;
      const { vectors } = await encode(prompt === "" ? texts : texts.map((text) => prompt + text), watch);
      return unitRows(vectors, texts.length, dim);
    },
    close,
  };
}
