// Vectors of tokens from an encoder: each token alone through it, the principal components of what comes out, and each vector by
// its token's weight. The mean over a text is then a vector of it, at a small part of the encoder's time.
// Source of the method: S. Tulkens, T. van Dongen 2024, Model2Vec, https://github.com/MinishLab/model2vec
// Weights: Arora, Liang, Ma 2017 (SIF). Mean and components are those of texts, not of the vocabulary: tokens count by their shares.
import type { Watch } from "../base/progress.js";
import {
  createWordVectors,
  principalComponents,
  type TokenReader,
  tokenNames,
  type WordVectors,
} from "../embeddings/index.js";
import { openTextEncoder } from "../networks/encoders/index.js";
import type { PretrainedEncoder } from "../networks/hugging-face/index.js";
import { withoutLastNorm } from "../networks/tuned-encoder/index.js";

export interface DistilOptions {
  /** Numbers of a vector; at most those of the encoder's. */
  dimensions: number;
  /** How often each id stands in the user's texts. Without it, Zipf's law by rank. */
  counts?: Float64Array;
  threads: number;
}

/** SIF's a: of a token of this share of all, the vector counts half. */
const smoothing = 1e-3;
/** Tokens by Zipf's law that stand beside those counted: few texts tell little of rare ones. */
const priorTokens = 10_000;
/** Zipf's 1 / (rank + 2.7), by Mandelbrot's correction; and the rank of the characters that most texts have. */
const [mandelbrot, rankOfCharacters] = [2.7, 50];
/** Directions along which all rows differ much say least of what sets two apart: each is divided by the root of its deviation. */
const whitening = 0.25;

/** The encoder's own tokenizer, without what stands around a text. */
export function tokensOf({ tokenizerJson, lowercase, tokenizer: { tokenizer } }: PretrainedEncoder): TokenReader {
  return { json: tokenizerJson, lowercase, tokenizer, encode: (text) => tokenizer.encode(text) };
}

/**
 * @throws CancelledError after an abort
 * @example
 * const vectors = await distilEncoder(readEncoder("models/all-MiniLM-L6-v2"), { dimensions: 256, threads: 2 });
 */
export async function distilEncoder(
  encoder: PretrainedEncoder,
  { dimensions, counts, threads }: DistilOptions,
  watch: Watch = {},
): Promise<WordVectors> {
  const tokens = tokensOf(encoder);
  const used = usedTokens(tokens);
  const { dim, vectors } = await encodeTokens(encoder, used, threads, watch);
  const share = tokenShares(tokens, counts);
  const weights = share.map((one, id) => (used[id] ? smoothing / (smoothing + one) : 0));
  // Of a text's vector, which is a sum of weighted tokens that come by their shares.
  const inMean = share.map((one, id) => one * weights[id]);
  const inCovariance = inMean.map((one, id) => one * weights[id]);
  const flat = await principalComponents(vectors, dim, { components: dimensions, inMean, inCovariance }, watch);
  const { values, variances } = flat;
  const scales = variances.map((one) => (one > variances[0] * 1e-9 ? one ** -whitening : 0));
  const kept = scales.length;
  // Zeros without a sign.
  for (let at = 0; at < values.length; at++)
    values[at] = values[at] * weights[Math.floor(at / kept)] * scales[at % kept] + 0;
  return createWordVectors({ words: tokenNames(tokens), dim: kept, vectors: values, tokens });
}

/**
 * How frequent each id is, by Zipf's law and, as far as they tell, by counts. Vocabularies have their tokens in the order in which they were
 * learned, the most frequent first; but before them, or among them, the alphabet, in which only characters of ASCII are frequent.
 * Special tokens have 0.
 */
export function tokenShares(tokens: TokenReader, counts?: Float64Array): Float64Array {
  const used = usedTokens(tokens);
  let rank = 0;
  const zipf = Float64Array.from(used, (isUsed, id) => {
    if (!isUsed) return 0;
    // Markers of a word's end or beginning, of three kinds of tokenizers.
    const text = tokens.tokenizer.idToToken(id)!.replace(/^(##|Ġ|▁)/, "");
    if ([...text].length > 1) return 1 / (rank++ + mandelbrot);
    return text.length === 1 && text.charCodeAt(0) < 128 ? 1 / (rankOfCharacters + mandelbrot) : 0;
  });
  const sum = zipf.reduce((a, b) => a + b, 0);
  // Of a tokenizer of special tokens alone, nothing.
  const shares = zipf.map((value) => (sum === 0 ? 0 : value / sum));
  if (!counts) return shares;
  const total = priorTokens + counts.reduce((a, b) => a + b, 0);
  return shares.map((share, id) => (used[id] ? (counts[id] + priorTokens * share) / total : 0));
}

/** Places that vocabularies keep free: they would be the most frequent tokens by Zipf's law. */
const free = /^[[<]unused_?\d+[\]>]$/i;

/** 1 for tokens that texts are made of: not for special ones, nor for ids without a token. */
function usedTokens({ tokenizer }: TokenReader): Uint8Array {
  const specials = new Set(tokenizer.specials.values());
  return Uint8Array.from({ length: tokenizer.vocabSize }, (_, id) => {
    const name = tokenizer.idToToken(id);
    return name === undefined || specials.has(id) || free.test(name) ? 0 : 1;
  });
}

/** What the encoder says of a text of one token; zeros for those that are not used. */
async function encodeTokens(encoder: PretrainedEncoder, used: Uint8Array, threads: number, watch: Watch) {
  const { before, after } = encoder.tokenizer.frame;
  const ids = [...used.keys()].filter((id) => used[id] === 1);
  // Lengths tell how much a token says: a norm at the end would take them away.
  const vector = withoutLastNorm(encoder.vector);
  const { dim, encodeIds, close } = openTextEncoder({ ...encoder, vector }, threads);
  try {
    const rows = ids.map((id) => Int32Array.of(...before, id, ...after));
    const onTexts = (done: number) => watch.onProgress?.({ stage: "encoding tokens", done, total: ids.length });
    const found = await encodeIds(rows, { signal: watch.signal, onTexts });
    const vectors = new Float32Array(used.length * dim);
    for (const [i, id] of ids.entries()) vectors.set(found.subarray(i * dim, (i + 1) * dim), id * dim);
    return { dim, vectors };
  } finally {
    await close();
  }
}
