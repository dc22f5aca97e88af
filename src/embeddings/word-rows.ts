// The vectors of a folder, read from disk word by word: a question has few words, and the folder may have 400,000.
import { UserError } from "../base/errors.js";
import { openSafetensors, type SafetensorsFile } from "../formats/safetensors-file.js";
import { readVocabulary, vectorsPath } from "./vectors-folder.js";
import { checkFinite, ngramMean, type WordLookup } from "./word-vectors.js";

/**
 * Opens a folder of vectors; close it when done.
 *
 * @throws UserError for a folder that lacks a file, or in which one is damaged or does not fit the others; asked for a
 * vector, when that one holds what is no number
 * @example
 * const words = openWordRows("vectors");
 * words.vectorOf("river"); // Float32Array of words.dim numbers
 * words.close();
 */
export function openWordRows(folder: string): WordLookup & { close(): void } {
  const { facts, words } = readVocabulary(folder);
  const { dim, ngrams } = facts;
  const path = vectorsPath(folder);
  const damaged = (what: string, cause?: unknown) =>
    new UserError(`${path}: ${what} Copy the folder again or train again.`, { cause });
  const ids = new Map(words.map((word, id) => [word, id]));
  if (ids.size !== words.length) throw damaged("its vocabulary has a word more than once.");
  let file: SafetensorsFile;
  try {
    file = openSafetensors(path);
  } catch (error) {
    throw error instanceof UserError ? damaged(error.message, error) : error;
  }
  const [rows, columns] = file.shapes.get("vectors") ?? [];
  const [buckets, width] = file.shapes.get("ngrams") ?? [];
  if (rows !== words.length || columns !== dim || (ngrams && width !== dim)) {
    file.close();
    throw damaged(`it lacks the vectors of ${words.length} words in ${dim} dimensions.`);
  }
  const read = (name: string, row: number) => {
    const values = file.readRow(name, row);
    if (!(values instanceof Float32Array)) throw damaged(`its ${name} are not 32-bit floats.`);
    return values;
  };
  return {
    dim,
    ids,
    segmented: facts.segmented,
    vectorOf(word) {
      const id = ids.get(word);
      const vector =
        id !== undefined
          ? read("vectors", id)
          : ngrams && ngramMean(word, { ...ngrams, buckets }, dim, (bucket) => read("ngrams", bucket));
      if (vector) checkFinite(vector, () => `${path}: the vector of '${word}'`);
      return vector;
    },
    close: () => file.close(),
  };
}
