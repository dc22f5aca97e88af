// The vectors of a folder, read from disk word by word: a question has few words, and the folder may have 400,000.
import { UserError } from "../base/errors.js";
import { checkOnce, inFile, openFolder } from "../folders/index.js";
import { openSafetensors } from "../formats/safetensors-file.js";
import { tokensOfWord } from "./token-reader.js";
import { readTokens, readVocabulary, vectorsPath } from "./vectors-folder.js";
import { checkFinite, ngramMean, tokenMean, type WordLookup } from "./word-vectors.js";

/**
 * Opens a folder of vectors; close it when done.
 *
 * @throws UserError when a file is missing, damaged or does not match the others; and when a requested
 * vector contains a value that is not finite
 * @example
 * const words = await openWordRows("vectors");
 * words.vectorOf("river"); // Float32Array of words.dim numbers
 * words.close();
 */
export async function openWordRows(path: string): Promise<WordLookup & { close(): void }> {
  const folder = openFolder(path, "word-vectors");
  await checkOnce(folder);
  const words = readVocabulary(folder);
  const tokens = await readTokens(folder);
  const { dim, ngrams } = folder.facts;
  const file = vectorsPath(folder);
  const damaged = (what: string) => new UserError(`${file}: ${what} Copy the folder again or train again.`);
  const ids = new Map(words.map((word, id) => [word, id]));
  if (ids.size !== words.length) throw damaged("its vocabulary contains a word more than once.");
  const tensors = inFile(file, () => openSafetensors(file));
  const [rows, columns] = tensors.shapes.get("vectors") ?? [];
  const [buckets, width] = tensors.shapes.get("ngrams") ?? [];
  if (rows !== words.length || columns !== dim || (ngrams && width !== dim)) {
    tensors.close();
    throw damaged(`it has no vectors for ${words.length} words in ${dim} dimensions.`);
  }
  const read = (name: string, row: number) => {
    const values = tensors.readRow(name, row);
    if (!(values instanceof Float32Array)) throw damaged(`its ${name} are not 32-bit floats.`);
    return values;
  };
  const vectorAt = (row: number) => {
    const vector = read("vectors", row);
    checkFinite(vector, () => `${file}: the vector of '${words[row]}'`);
    return vector;
  };
  return {
    dim,
    ids,
    segmented: folder.facts.segmented,
    tokens,
    vectorAt,
    vectorOf(word) {
      if (tokens) return tokenMean(tokensOfWord(tokens, word), dim, vectorAt);
      const id = ids.get(word);
      const vector =
        id !== undefined
          ? read("vectors", id)
          : ngrams && ngramMean(word, { ...ngrams, buckets }, dim, (bucket) => read("ngrams", bucket));
      if (vector) checkFinite(vector, () => `${file}: the vector of '${word}'`);
      return vector;
    },
    close: () => tensors.close(),
  };
}
