// Where every learning of vectors begins: numbers without meaning.
import { createRandom } from "../base/random.js";
import { createWordVectors, type WordVectors } from "./word-vectors.js";

/**
 * A vector of normal numbers for each word, of length 1 on average: any two of them are nearly orthogonal.
 *
 * @throws UserError for a word that occurs twice
 * @example
 * const vectors = randomVectors(["river", "bank"], { dim: 300, seed: 0 });
 */
export function randomVectors(
  words: readonly string[],
  { dim, seed = 0 }: { dim: number; seed?: number },
): WordVectors {
  const random = createRandom(seed);
  const vectors = Float32Array.from({ length: words.length * dim }, () => random.normal() / Math.sqrt(dim));
  return createWordVectors({ words, dim, vectors });
}
