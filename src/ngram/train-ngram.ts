// Counts n-grams and turns the counts into interpolated modified Kneser-Ney probabilities, length by length.
// Source: S. F. Chen and J. Goodman, An Empirical Study of Smoothing Techniques for Language Modeling (1998).
//
// There is no table of n-grams to look up. Each place p of the corpus carries the node f(p) of the n-gram that ends
// there; an n-gram is the pair of f(p − 1) one level lower and its last token, so two counting sorts of the places bring
// equal n-grams together, in the order of the trie.
import { CancelledError, UserError } from "../base/errors.js";
import type { Watch } from "../base/progress.js";
import { collectTexts, type TextSample } from "./collect-texts.js";
import { discountsOf } from "./discounts.js";
import { beginNode, type NgramLevel, type NgramModel } from "./ngram-model.js";

export interface NgramOptions {
  /** Length of the longest n-grams, 1 to 10. Default 5. */
  order?: number;
  /** Ids are in [0, vocabSize); every one of them gets a probability. */
  vocabSize: number;
  /** The token between texts, to be predicted at the end of each. Without it, ends are not predicted. */
  endId?: number;
}

const longestOrder = 10;

/**
 * Trains on texts, which are kept in memory: about 80 bytes per token at order 5.
 *
 * @param texts each array is one text; where `endId` occurs inside one, a new text starts
 * @throws UserError for options out of range, an id that is not in the vocabulary, and when there is no token;
 * CancelledError after an abort
 * @example
 * const model = await trainNgram([Int32Array.of(0, 1, 2), Int32Array.of(0, 1)], { order: 3, vocabSize: 4 });
 */
export async function trainNgram(
  texts: AsyncIterable<Int32Array> | Iterable<Int32Array>,
  { order = 5, vocabSize, endId }: NgramOptions,
  watch: Watch = {},
): Promise<NgramModel> {
  if (!Number.isInteger(order) || order < 1 || order > longestOrder)
    throw new UserError(`The order of n-grams is a whole number from 1 to ${longestOrder}, not ${order}.`);
  if (!Number.isInteger(vocabSize) || vocabSize < 1)
    throw new UserError(`The vocabulary's size is a whole number from 1, not ${vocabSize}.`);
  if (endId !== undefined && !(Number.isInteger(endId) && endId >= 0 && endId < vocabSize))
    throw new UserError(`The end of a text must be an id from 0 to ${vocabSize - 1}, not ${endId}.`);
  const mark = beginNode({ endId, vocabSize });
  const corpus = await collectTexts(texts, { vocabSize, mark }, watch);
  const places = await placesOf(corpus, order, vocabSize, endId);

  const model: NgramModel = { order, vocabSize, endId, levels: [], discounts: [] };
  let counted = countTokens(places, order, vocabSize);
  for (let n = 1; n <= order; n++) {
    watch.onProgress?.({ stage: "counting n-grams", done: n - 1, total: order, note: `length ${n}` });
    await new Promise((resolve) => setImmediate(resolve));
    if (watch.signal?.aborted) throw new CancelledError("Stopped before all n-grams were counted.");
    // The counts of length n are whole only when length n + 1 is counted.
    const next = n < order ? countLonger(places, counted, n + 1, order) : undefined;
    addLevel(model, counted);
    if (next) {
      model.levels[n - 1].followers = next.followers;
      counted = next;
    }
  }
  watch.onProgress?.({ stage: "counting n-grams", done: order, total: order });
  return model;
}

interface Places {
  ids: Int32Array;
  /** The mark between texts. */
  mark: number;
  /** Longest n-gram that ends at each place and begins no earlier than its text's mark; 0 where nothing is predicted. */
  longest: Uint8Array;
  /** Places where something is predicted, sorted by their token. */
  byToken: Int32Array;
  /** Node of the n-gram that ends at each place, and room for the next length's. */
  nodes: Int32Array;
  nextNodes: Int32Array;
  /** Room for sorting, reused at each length. */
  sorted: Int32Array;
  suffixes: Int32Array;
  counts: Int32Array;
}

async function placesOf({ ids }: TextSample, order: number, vocabSize: number, endId?: number): Promise<Places> {
  const mark = ids[0];
  const longest = new Uint8Array(ids.length);
  const starts = new Int32Array(vocabSize + 2);
  for (let p = 1, last = 0; p < ids.length; p++) {
    const isMark = ids[p] === mark;
    if (!isMark || endId !== undefined) {
      longest[p] = Math.min(order, p - last + 1);
      starts[ids[p] + 1]++;
    }
    if (isMark) last = p;
  }
  for (let id = 0; id <= vocabSize; id++) starts[id + 1] += starts[id];
  const byToken = new Int32Array(starts[vocabSize + 1]);
  for (let p = 1; p < ids.length; p++) if (longest[p] > 0) byToken[starts[ids[p]]++] = p;
  const room = () => new Int32Array(order > 1 ? byToken.length : 0);
  return {
    ids,
    mark,
    longest,
    byToken,
    nodes: ids.slice(),
    nextNodes: new Int32Array(order > 1 ? ids.length : 0),
    sorted: room(),
    suffixes: room(),
    counts: room(),
  };
}

/** The n-grams of one length with their counts. */
interface Counted {
  tokens: Int32Array;
  /** Node of the n-gram without its first token, one level lower. */
  suffixes: Int32Array;
  /**
   * How often an n-gram of the longest length, or at the beginning of a text, was seen; for all others before how many
   * different tokens (Kneser and Ney's continuation counts).
   */
  counts: Int32Array;
  /** Of the nodes one level lower. */
  followers: Int32Array;
}

function countTokens({ ids, longest }: Places, order: number, vocabSize: number): Counted {
  // One more node than tokens: the beginning of a text, where it is no token.
  const counts = new Int32Array(vocabSize + 1);
  if (order === 1) for (let p = 1; p < ids.length; p++) if (longest[p] > 0) counts[ids[p]]++;
  const none = new Int32Array(0);
  return { tokens: none, suffixes: none, counts, followers: none };
}

/** The n-grams of length n; adds to the counts of the length before. */
function countLonger(places: Places, shorter: Counted, n: number, order: number): Counted {
  const { ids, mark, longest, byToken, nodes, nextNodes, sorted, suffixes, counts } = places;
  const contexts = shorter.counts.length;
  // Sort the places by token (they are already) and then, keeping that order, by context.
  const ends = new Int32Array(contexts + 1);
  for (let p = 1; p < ids.length; p++) if (longest[p] >= n) ends[nodes[p - 1] + 1]++;
  for (let context = 0; context < contexts; context++) ends[context + 1] += ends[context];
  for (let i = 0; i < byToken.length; i++) {
    const p = byToken[i];
    if (longest[p] >= n) sorted[ends[nodes[p - 1]]++] = p;
  }
  // ends[c] is now where the places of context c end.
  const followers = new Int32Array(contexts + 1);
  let size = 0;
  for (let context = 0, i = 0; context < contexts; context++) {
    followers[context] = size;
    while (i < ends[context]) {
      const start = i;
      const p = sorted[i];
      const token = ids[p];
      do nextNodes[sorted[i++]] = size;
      while (i < ends[context] && ids[sorted[i]] === token);
      const isCounted = n === order || ids[p - n + 1] === mark;
      counts[size] = isCounted ? i - start : 0;
      suffixes[size] = nodes[p];
      shorter.counts[nodes[p]]++;
      sorted[size++] = token; // size <= start: this place was read
    }
  }
  followers[contexts] = size;
  places.nodes = nextNodes;
  places.nextNodes = nodes;
  return {
    tokens: sorted.slice(0, size),
    suffixes: suffixes.slice(0, size),
    counts: counts.slice(0, size),
    followers,
  };
}

/**
 * P(w | c) = (a(cw) − D(a(cw))) / a(c·) + backoff(c) P(w | c without its first token), where a(c·) = Σ_w a(cw) and
 * backoff(c) = (D1 N1(c·) + D2 N2(c·) + D3 N3+(c·)) / a(c·); below the single tokens lies the uniform distribution.
 */
function addLevel(model: NgramModel, { tokens, suffixes, counts, followers }: Counted): void {
  const { levels, vocabSize, order } = model;
  const n = levels.length + 1;
  const discounts = discountsOf(counts);
  const [d1, d2, d3] = discounts;
  const lower = levels[n - 2] as NgramLevel | undefined;
  const size = n === 1 ? vocabSize : counts.length;
  const contexts = lower ? followers.length - 1 : 1;
  const probabilities = new Float32Array(size);
  for (let context = 0; context < contexts; context++) {
    const begin = lower ? followers[context] : 0;
    const end = lower ? followers[context + 1] : size;
    let [total, discounted] = [0, 0];
    for (let i = begin; i < end; i++) {
      const count = counts[i];
      total += count;
      if (count > 0) discounted += count === 1 ? d1 : count === 2 ? d2 : d3;
    }
    if (total === 0) continue;
    const backoff = discounted / total;
    if (lower) lower.backoffs[context] = backoff;
    for (let i = begin; i < end; i++) {
      const count = counts[i];
      const discount = count === 0 ? 0 : count === 1 ? d1 : count === 2 ? d2 : d3;
      const shorter = lower ? lower.probabilities[suffixes[i]] : 1 / vocabSize;
      probabilities[i] = (count - discount) / total + backoff * shorter;
    }
  }
  const isContext = n < order;
  levels.push({
    tokens,
    probabilities,
    backoffs: new Float32Array(isContext ? counts.length : 0).fill(1),
    followers: new Int32Array(0),
  });
  model.discounts.push(discounts);
}
