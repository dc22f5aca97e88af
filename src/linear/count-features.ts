// How many features of a vectorizer texts have.
import { createNgramScanner } from "./ngram-scanner.js";
import { createTextWeigher, type Vectorizer } from "./vectorizer.js";

/** Of all texts together: each is a multiplication and an addition for each column of weights. */
export function countFeatures(vectorizer: Vectorizer, texts: readonly string[], textLimit: number): number {
  const weigher = createTextWeigher(vectorizer, createNgramScanner(vectorizer.range), textLimit);
  let count = 0;
  for (const text of texts) {
    weigher.weigh(text);
    count += weigher.count;
  }
  return count;
}
