// The words nearest to one word, or to a sum of words.

import type { WorkflowWatch } from "../../base/watch.js";
import { type SimilarWord, similarWords } from "../../embeddings/index.js";
import { openVectors } from "../../row-vectors/open-vectors.js";
import { type SimilarOptions, similarOptionsSchema } from "./options.js";

export interface SimilarResult {
  vectors: string;
  plus: string[];
  minus: string[];
  words: SimilarWord[];
}

/**
 * @throws UserError that names the words without a vector
 * @example
 * const { words } = await findSimilar("vectors", ["king", "woman"], { minus: ["man"] });
 */
export async function findSimilar(
  path: string,
  plus: readonly string[],
  options: SimilarOptions = {},
  watch: WorkflowWatch = {},
): Promise<SimilarResult> {
  const { minus, top } = similarOptionsSchema.parse(options);
  const vectors = await openVectors(path, watch.onMessage);
  return { vectors: path, plus: [...plus], minus, words: similarWords(vectors, plus, { minus, top }) };
}
