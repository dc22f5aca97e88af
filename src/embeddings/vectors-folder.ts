// The folder of vectors: vocabulary.json, vectors.safetensors, and the tokenizer.json of vectors of tokens. Nothing in it is
// executed.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../base/errors.js";
import {
  type FactsOf,
  type Folder,
  filePath,
  inFile,
  type OwnFacts,
  openFolder,
  type WriteFolderOptions,
  whileChecking,
  writeFolder,
  writePart,
} from "../folders/index.js";
import type { NamedArray } from "../formats/safetensors.js";
import { readSafetensors, writeSafetensors } from "../formats/safetensors-file.js";
import type { TokenReader } from "./token-reader.js";
import { createWordVectors, type WordVectors } from "./word-vectors.js";

const fileNames = {
  words: "vocabulary.json",
  vectors: "vectors.safetensors",
  tokenizer: "tokenizer.json",
} as const;

/** The facts stored in the vectors folder. */
export type VectorFacts = FactsOf<"word-vectors">;
/** Facts that the vectors themselves do not contain. */
export type VectorOrigin = Omit<OwnFacts<"word-vectors">, "dim" | "words" | "ngrams" | "segmented" | "tokenizer">;

/**
 * Writes a complete folder; an existing folder of word vectors is replaced.
 *
 * @throws UserError when there is something else at the path
 * @example
 * const data = { source: "reviews.csv", texts: 100, tokens: 5000 };
 * await writeVectorsFolder("vectors", vectors, { method: "svd", lowercase: true, options: {}, data });
 */
export async function writeVectorsFolder(
  folder: string,
  vectors: WordVectors,
  facts: VectorOrigin,
  options?: WriteFolderOptions,
): Promise<void> {
  await writeFolder(
    folder,
    "word-vectors",
    { ...facts, ...factsOf(vectors) },
    (aside) => fill(aside, vectors),
    options,
  );
}

/** The same inside a folder that is being written; it is read word by word. */
export async function writeVectorsPart(folder: string, vectors: WordVectors, facts: VectorOrigin): Promise<void> {
  const own = { ...facts, ...factsOf(vectors) };
  await writePart(folder, "word-vectors", own, (part) => fill(part, vectors), { marks: true });
}

function factsOf({ words, dim, ngrams, segmented, tokens }: WordVectors) {
  return {
    segmented,
    tokenizer: tokens && { lowercase: tokens.lowercase },
    dim,
    words: words.length,
    ngrams: ngrams && { minLength: ngrams.minLength, maxLength: ngrams.maxLength },
  };
}

function fill(folder: string, { words, dim, counts, ngrams, vectors, tokens }: WordVectors): void {
  const tensors = new Map<string, NamedArray>([["vectors", { shape: [words.length, dim], data: vectors }]]);
  if (counts) tensors.set("counts", { shape: [words.length], data: counts });
  if (ngrams) tensors.set("ngrams", { shape: [ngrams.buckets, dim], data: ngrams.vectors });
  writeFileSync(join(folder, fileNames.words), `${JSON.stringify(words)}\n`);
  writeSafetensors(join(folder, fileNames.vectors), tensors);
  if (tokens) writeFileSync(join(folder, fileNames.tokenizer), tokens.json);
}

export const vectorsPath = (folder: Folder<"word-vectors">) => filePath(folder, fileNames.vectors);

/** The words; whoever asks has the folder checked. @throws UserError for a file that is damaged */
export function readVocabulary(folder: Folder<"word-vectors">): string[] {
  const path = filePath(folder, fileNames.words);
  const words = inFile(path, () => parseWords(readFileSync(path)));
  if (words.length === folder.facts.words) return words;
  throw new UserError(
    `${path} contains ${words.length} words, not ${folder.facts.words}. Copy the folder again or train again.`,
  );
}

/** The tokenizer of vectors of tokens; whoever asks has the folder checked. @throws UserError for a file that is damaged */
export async function readTokens(folder: Folder<"word-vectors">): Promise<TokenReader | undefined> {
  const { tokenizer, words } = folder.facts;
  if (!tokenizer) return undefined;
  const path = filePath(folder, fileNames.tokenizer);
  const { tokenReader } = await import("./open-token-reader.js");
  const tokens = inFile(path, () => tokenReader(readFileSync(path, "utf8"), tokenizer));
  const { vocabSize } = tokens.tokenizer;
  if (vocabSize <= words) return tokens;
  throw new UserError(
    `${path} gives ids up to ${vocabSize - 1}, but there are vectors for ${words} tokens: the files belong to different ` +
      "folders. Copy the folder again.",
  );
}

/** @throws UserError when a file is missing, damaged or does not match the others */
export async function readVectorsFolder(path: string): Promise<{ vectors: WordVectors; facts: VectorFacts }> {
  const folder = openFolder(path, "word-vectors");
  return whileChecking(folder, async () => ({ facts: folder.facts, vectors: await readVectors(folder) }));
}

/** Without a look at checksums. */
export async function readVectors(folder: Folder<"word-vectors">): Promise<WordVectors> {
  const words = readVocabulary(folder);
  const tokens = await readTokens(folder);
  const { dim, ngrams: lengths } = folder.facts;
  const path = vectorsPath(folder);
  return inFile(path, () => {
    const { tensors } = readSafetensors(path);
    const vectors = matrix(tensors, "vectors", dim);
    const counts = tensors.get("counts")?.data;
    if (counts && !(counts instanceof Float64Array && counts.every((count) => count >= 0 && Number.isFinite(count))))
      throw new UserError("its counts are not numbers of 0 or more. Copy the folder again or train again.");
    const ngrams = lengths && { ...lengths, ...bucketsOf(matrix(tensors, "ngrams", dim), dim) };
    return createWordVectors({ words, dim, vectors, counts, ngrams, segmented: folder.facts.segmented, tokens });
  });
}

function matrix(tensors: ReadonlyMap<string, NamedArray>, name: string, dim: number): Float32Array {
  const tensor = tensors.get(name);
  if (!tensor || !(tensor.data instanceof Float32Array) || tensor.shape.length !== 2 || tensor.shape[1] !== dim)
    throw new UserError(
      `it has no matrix '${name}' with ${dim} columns of 32-bit floats. Copy the folder again or train again.`,
    );
  return tensor.data;
}

const bucketsOf = (vectors: Float32Array, dim: number) => ({ vectors, buckets: vectors.length / dim });

function parseWords(bytes: Uint8Array): string[] {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new UserError("it is damaged: it is not JSON. Copy the folder again or train again.", { cause: error });
  }
  const words = z.array(z.string()).safeParse(json);
  if (words.success) return words.data;
  throw new UserError("it is damaged: it is not a list of words. Copy the folder again or train again.");
}
