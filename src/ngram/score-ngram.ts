// What an n-gram model says of texts, and of the token after a context. Knows no files.
import { notInVocabulary } from "./collect-texts.js";
import { beginNode, type NgramModel } from "./ngram-model.js";

/**
 * Natural logarithm of the probability of each token given those before it; the first one given the beginning of a
 * text. After an `endId` a new text begins.
 *
 * @throws UserError for an id that is not in the vocabulary
 * @example
 * logProbabilities(model, Int32Array.of(0, 1, 2)); // Float64Array of 3
 */
export function logProbabilities(model: NgramModel, ids: Int32Array): Float64Array {
  const { order, vocabSize, levels, endId = -1 } = model;
  const answers = new Float64Array(ids.length);
  // contexts[n] is the node of the n tokens before, for n up to `known`: longer ones were never seen.
  const contexts = new Int32Array(order + 1);
  let known = begin(model, contexts);
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i];
    if (!(id >= 0 && id < vocabSize)) throw notInVocabulary(id, vocabSize);
    // From short to long: an n-gram was seen only if all its endings were.
    let seen = 1;
    let node = id;
    let probability = 1;
    let shorter = id;
    for (let n = 1; n <= known; n++) {
      const { followers } = levels[n - 1];
      const context = contexts[n];
      // The context of this length was used; its place holds the next token's.
      contexts[n] = shorter;
      const found = find(levels[n].tokens, followers[context], followers[context + 1], id);
      if (found < 0) {
        probability = levels[n - 1].backoffs[context];
        for (let longer = n + 1; longer <= known; longer++)
          probability *= levels[longer - 1].backoffs[contexts[longer]];
        break;
      }
      shorter = found;
      node = found;
      seen = n + 1;
    }
    probability *= levels[seen - 1].probabilities[node];
    answers[i] = Math.log(probability);
    if (seen < order) contexts[seen] = node;
    known = id === endId ? begin(model, contexts) : Math.min(seen, order - 1);
  }
  return answers;
}

/**
 * P(token | context) of every token of the vocabulary; sums to 1.
 *
 * @param context the tokens of the text so far; only the last order − 1 are used
 * @throws UserError for an id that is not in the vocabulary
 * @example
 * distribution(model, Int32Array.of(0, 1)); // Float64Array of vocabSize
 */
export function distribution(model: NgramModel, context: Int32Array): Float64Array {
  const { vocabSize, levels } = model;
  const probabilities = Float64Array.from(levels[0].probabilities);
  for (const [n, node] of contextNodes(model, context).entries()) {
    if (n === 0) continue;
    const { followers, backoffs } = levels[n - 1];
    const { tokens, probabilities: longer } = levels[n];
    const backoff = backoffs[node];
    for (let id = 0; id < vocabSize; id++) probabilities[id] *= backoff;
    for (let i = followers[node]; i < followers[node + 1]; i++) probabilities[tokens[i]] = longer[i];
  }
  return probabilities;
}

/** The nodes of the context's endings of 1, 2, … tokens that were seen; element 0 stands for none. */
function contextNodes(model: NgramModel, ids: Int32Array): number[] {
  const { order, levels, vocabSize, endId = -1 } = model;
  const contexts = new Int32Array(order + 1);
  let nodes = Array.from(contexts.subarray(0, begin(model, contexts) + 1));
  // A text that is longer than any context is read from its last tokens on; the node of its beginning drops out.
  const from = Math.max(0, ids.length - order);
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i];
    if (!(id >= 0 && id < vocabSize)) throw notInVocabulary(id, vocabSize);
    if (i < from) continue;
    if (id === endId) {
      nodes = Array.from(contexts.subarray(0, begin(model, contexts) + 1));
      continue;
    }
    const next = order > 1 ? [0, id] : [0];
    for (let n = 1; n < nodes.length && n + 1 < order; n++) {
      const { followers } = levels[n - 1];
      const found = find(levels[n].tokens, followers[nodes[n]], followers[nodes[n] + 1], id);
      if (found < 0) break;
      next.push(found);
    }
    nodes = next;
  }
  return nodes;
}

/** The contexts at the beginning of a text; returns the length of the longest. */
function begin(model: NgramModel, contexts: Int32Array): number {
  if (model.order === 1) return 0;
  contexts[1] = beginNode(model);
  return 1;
}

/** The place of `id` in tokens[low, high), which ascend, or −1. */
function find(tokens: Int32Array, low: number, high: number, id: number): number {
  const end = high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (tokens[middle] < id) low = middle + 1;
    else high = middle;
  }
  return low < end && tokens[low] === id ? low : -1;
}
