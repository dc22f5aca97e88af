// The folder of trained vectors: columnist.json, vocabulary.json, vectors.safetensors. Nothing in it is executed.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../base/errors.js";
import { encodeSafetensors, type NamedArray } from "../formats/safetensors.js";
import { readSafetensors } from "../formats/safetensors-file.js";
import { createWordVectors, type WordVectors } from "./word-vectors.js";

const fileNames = { facts: "columnist.json", words: "vocabulary.json", vectors: "vectors.safetensors" } as const;
const folderVersion = 1;

const factsSchema = z.object({
  formatVersion: z.literal(folderVersion),
  task: z.literal("word-vectors"),
  /** The version that wrote it. */
  columnist: z.string(),
  method: z.string(),
  /** Lower-cased words were counted. */
  lowercase: z.boolean(),
  /** As in WordVectors; older folders do not say it. */
  segmented: z.boolean().optional(),
  dim: z.int().min(1),
  words: z.int().min(0),
  options: z.record(z.string(), z.unknown()),
  data: z.object({ source: z.string(), texts: z.number(), tokens: z.number() }),
  /** Lengths of character n-grams, where there are some. */
  ngrams: z.object({ minLength: z.int().min(1), maxLength: z.int().min(1).max(32) }).optional(),
});

/** What columnist.json of a vectors folder says. */
export type VectorFacts = z.infer<typeof factsSchema>;

export function isVectorsFolder(path: string): boolean {
  const facts = join(path, fileNames.facts);
  if (!existsSync(facts)) return false;
  try {
    return (JSON.parse(readFileSync(facts, "utf8")) as { task?: unknown }).task === "word-vectors";
  } catch {
    return false;
  }
}

/** Writes into a folder that the caller made. */
export function writeVectorsFolder(
  folder: string,
  vectors: WordVectors,
  facts: Omit<VectorFacts, "formatVersion" | "task" | "dim" | "words" | "ngrams" | "segmented">,
): void {
  const { words, dim, counts, ngrams } = vectors;
  const tensors = new Map<string, NamedArray>([["vectors", { shape: [words.length, dim], data: vectors.vectors }]]);
  if (counts) tensors.set("counts", { shape: [words.length], data: counts });
  if (ngrams) tensors.set("ngrams", { shape: [ngrams.buckets, dim], data: ngrams.vectors });
  const own: VectorFacts = {
    formatVersion: folderVersion,
    task: "word-vectors",
    ...facts,
    segmented: vectors.segmented,
    dim,
    words: words.length,
    ngrams: ngrams && { minLength: ngrams.minLength, maxLength: ngrams.maxLength },
  };
  writeFileSync(join(folder, fileNames.facts), `${JSON.stringify(own, null, 2)}\n`);
  writeFileSync(join(folder, fileNames.words), `${JSON.stringify(words, null, 0)}\n`);
  writeFileSync(join(folder, fileNames.vectors), encodeSafetensors(tensors));
}

export const vectorsPath = (folder: string) => join(folder, fileNames.vectors);

/** All but the vectors. @throws UserError for a folder that lacks a file, or in which one is damaged */
export function readVocabulary(folder: string): { facts: VectorFacts; words: string[] } {
  const factsPath = join(folder, fileNames.facts);
  const json = parse(factsPath, read(folder, fileNames.facts));
  const version = (json as { formatVersion?: unknown } | null)?.formatVersion;
  if (typeof version === "number" && version > folderVersion)
    throw new UserError(
      `${factsPath} has format version ${version}; this version of columnist reads up to ${folderVersion}. Update ` +
        "columnist: npm install columnist@latest",
    );
  const facts = checked(factsPath, factsSchema, json);
  const wordsPath = join(folder, fileNames.words);
  const words = checked(wordsPath, z.array(z.string()), parse(wordsPath, read(folder, fileNames.words)));
  if (words.length !== facts.words)
    throw new UserError(
      `${wordsPath} holds ${words.length} words and ${fileNames.facts} names ${facts.words}. Copy the folder again or ` +
        "train again.",
    );
  mustHave(folder, fileNames.vectors);
  return { facts, words };
}

/** @throws UserError for a folder that lacks a file, or in which one is damaged or does not fit the others */
export function readVectorsFolder(folder: string): { vectors: WordVectors; facts: VectorFacts } {
  const { facts, words } = readVocabulary(folder);
  const path = vectorsPath(folder);
  try {
    const { tensors } = readSafetensors(path);
    const vectors = matrix(tensors, "vectors", facts.dim);
    const counts = tensors.get("counts")?.data;
    if (counts && !(counts instanceof Float64Array && counts.every((count) => count >= 0 && Number.isFinite(count))))
      throw new UserError("its counts are not numbers from 0.");
    const ngrams = facts.ngrams && { ...facts.ngrams, ...bucketsOf(matrix(tensors, "ngrams", facts.dim), facts.dim) };
    return {
      facts,
      vectors: createWordVectors({ words, dim: facts.dim, vectors, counts, ngrams, segmented: facts.segmented }),
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${path}: ${error.message} Copy the folder again or train again.`, { cause: error });
  }
}

function matrix(tensors: ReadonlyMap<string, NamedArray>, name: string, dim: number): Float32Array {
  const tensor = tensors.get(name);
  if (!tensor || !(tensor.data instanceof Float32Array) || tensor.shape.length !== 2 || tensor.shape[1] !== dim)
    throw new UserError(`it lacks the matrix '${name}' of ${dim} columns of 32-bit floats.`);
  return tensor.data;
}

const bucketsOf = (vectors: Float32Array, dim: number) => ({ vectors, buckets: vectors.length / dim });

function read(folder: string, name: string): Uint8Array {
  mustHave(folder, name);
  return readFileSync(join(folder, name));
}

function mustHave(folder: string, name: string): void {
  if (!existsSync(join(folder, name)))
    throw new UserError(`The folder '${folder}' lacks ${name}. Copy the whole folder again or train again.`);
}

function parse(path: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new UserError(`${path} is damaged: it is not JSON. Copy the folder again or train again.`, { cause: error });
  }
}

function checked<T>(path: string, schema: z.ZodType<T>, json: unknown): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UserError(
    `${path} is damaged: ${issue.path.join(".") || "its content"}: ${issue.message}. Copy the folder again or train again.`,
  );
}
