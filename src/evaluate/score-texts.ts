// What a language model says of texts, batch by batch. Knows no tables and prints nothing.
import { CancelledError } from "../base/errors.js";
import type { Watch } from "../base/progress.js";
import { characterCount, type TextTotals } from "../metrics/index.js";
import type { LanguageModel } from "../models/language-model/index.js";

export interface ScoredText extends TextTotals {
  /** Natural logarithm of the probability of each token. */
  logProbabilities: Float32Array;
}

/** Texts go to the model together until they have this many tokens. */
const tokensAtOnce = 1 << 16;

/**
 * Scores texts in their order. A text without tokens has a log-probability of 0.
 *
 * @throws CancelledError after an abort
 * @example
 * for await (const { logProbability, bytes } of scoreTexts(model, ["Call me Ishmael."])) …
 */
export async function* scoreTexts(
  model: LanguageModel,
  texts: Iterable<string>,
  { signal }: Watch = {},
): AsyncGenerator<ScoredText> {
  let waiting: { text: string; ids: Int32Array }[] = [];
  let tokens = 0;
  for (const text of texts) {
    const ids = model.tokenizer.encode(text);
    waiting.push({ text, ids });
    tokens += ids.length;
    if (tokens < tokensAtOnce) continue;
    yield* await scoreBatch(model, waiting, signal);
    waiting = [];
    tokens = 0;
  }
  if (waiting.length > 0) yield* await scoreBatch(model, waiting, signal);
}

async function scoreBatch(
  model: LanguageModel,
  batch: readonly { text: string; ids: Int32Array }[],
  signal?: AbortSignal,
): Promise<ScoredText[]> {
  await new Promise((resolve) => setImmediate(resolve));
  if (signal?.aborted) throw new CancelledError("Stopped before all texts were scored.");
  const answers = await model.logProbabilities(batch.map(({ ids }) => ids));
  return batch.map(({ text, ids }, i) => ({
    logProbability: answers[i].reduce((sum, value) => sum + value, 0),
    tokens: ids.length,
    bytes: Buffer.byteLength(text),
    characters: characterCount(text),
    logProbabilities: answers[i],
  }));
}
