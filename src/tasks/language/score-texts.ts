// What a language model says of texts, batch by batch. Knows no tables and prints nothing.
import { CancelledError } from "../../base/errors.js";
import type { Watch } from "../../base/progress.js";
import { characterCount, type TextTotals } from "../../metrics/index.js";
import type { LanguageModel } from "./language-model.js";

export interface ScoredText extends TextTotals {
  /** Natural logarithm of the probability of each token. */
  logProbabilities: Float32Array;
  /** Tokens that stand for something the vocabulary cannot spell. */
  unknown: number;
}

/**
 * Scores texts in their order; one without tokens has a log-probability of 0. When the last text `continues`, the first
 * of the next call goes on with it.
 */
export type TextScorer = (
  texts: readonly string[],
  continues?: boolean,
  /** Told how many of the texts are scored, now and then. */
  onScored?: (count: number) => void,
) => Promise<ScoredText[]>;

/** Texts go to the model together until they have this many tokens. */
const tokensAtOnce = 1 << 16;
/** What a model without a longest context is told of a text that goes on. */
const longestTold = 1024;

/**
 * @throws CancelledError, from the scorer, after an abort
 * @example
 * const score = textScorer(model);
 * const [{ logProbability, bytes }] = await score(["Call me Ishmael."]);
 */
export function textScorer(model: LanguageModel, { signal }: Watch = {}): TextScorer {
  const { tokenizer, contextLength = longestTold } = model;
  const none = new Int32Array(0);
  let before: Int32Array = none;

  return async (texts, continues = false, onScored) => {
    const scored: ScoredText[] = [];
    let waiting: Waiting[] = [];
    let tokens = 0;
    for (const [i, text] of texts.entries()) {
      const ids = tokenizer.encode(text);
      const context = i === 0 ? before : none;
      waiting.push({ text, ids, context });
      tokens += ids.length;
      const isLast = i + 1 === texts.length;
      if (isLast) before = continues ? lastOf(context, ids, contextLength) : none;
      if (!isLast && tokens < tokensAtOnce) continue;
      await new Promise((resolve) => setImmediate(resolve));
      if (signal?.aborted) throw new CancelledError("Stopped before all texts were scored.");
      scored.push(...(await scoreTogether(model, waiting)));
      waiting = [];
      tokens = 0;
      onScored?.(scored.length);
    }
    return scored;
  };
}

interface Waiting {
  text: string;
  ids: Int32Array;
  /** What stands before it in the same text, scored already. */
  context: Int32Array;
}

async function scoreTogether(model: LanguageModel, batch: readonly Waiting[]): Promise<ScoredText[]> {
  const answers = await model.logProbabilities(
    batch.map(({ context, ids }) => (context.length > 0 ? joined(context, ids) : ids)),
  );
  const unknownId = model.tokenizer.roles.unknown;
  return batch.map(({ text, context, ids }, i) => {
    const logProbabilities = answers[i].subarray(context.length);
    return {
      logProbability: logProbabilities.reduce((sum, value) => sum + value, 0),
      tokens: ids.length,
      bytes: Buffer.byteLength(text),
      characters: characterCount(text),
      logProbabilities,
      unknown: ids.reduce((sum, id) => (id === unknownId ? sum + 1 : sum), 0),
    };
  });
}

function lastOf(context: Int32Array, ids: Int32Array, length: number): Int32Array {
  if (length === 0) return new Int32Array(0);
  return ids.length >= length ? ids.slice(-length) : joined(context, ids).slice(-length);
}

function joined(first: Int32Array, second: Int32Array): Int32Array {
  const both = new Int32Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
