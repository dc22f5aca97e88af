// What answering texts costs: operations are counted, time and memory are those of answering some of them.
import { CancelledError } from "../base/errors.js";
import type { ServedModel } from "../tasks/served-model.js";

export interface AnsweringCost {
  /** Texts that were answered for it. */
  texts: number;
  seconds: number;
  /** Of the processor: of all cores that were busy. */
  coreSeconds: number;
  /** Floating-point operations of all these texts; left out where they can't be counted. */
  flops?: number;
  /** Of a language model: tokens of these texts. */
  tokens?: number;
}

/** Answered before the clock starts: the first ones open what the others use. */
const warmTexts = 16;
const textsAtOnce = 256;
const longestSeconds = 8;

/**
 * @param texts - drawn at random: those that can be answered in some seconds are
 * @throws CancelledError after an abort
 */
export async function costOfAnswering(
  model: Pick<ServedModel, "answer" | "flops">,
  texts: readonly string[],
  { signal }: { signal?: AbortSignal } = {},
): Promise<AnsweringCost> {
  const begunWarm = performance.now();
  await model.answer(texts.slice(0, warmTexts));
  const pace = (performance.now() - begunWarm) / 1000 / Math.min(warmTexts, texts.length);
  // Slow models are heard often enough to stop.
  const atOnce = Math.max(1, Math.min(textsAtOnce, Math.floor(longestSeconds / 4 / pace)));
  let [done, seconds, coreSeconds] = [0, 0, 0];
  let tokens: number | undefined;
  while (done < texts.length && seconds < longestSeconds) {
    if (signal?.aborted) throw new CancelledError("Stopped before the cost was known.");
    const part = texts.slice(done, done + atOnce);
    const [begun, busy] = [performance.now(), process.cpuUsage()];
    const answers = await model.answer(part);
    seconds += (performance.now() - begun) / 1000;
    const { user, system } = process.cpuUsage(busy);
    coreSeconds += (user + system) / 1e6;
    for (const answer of answers) if ("tokens" in answer) tokens = (tokens ?? 0) + Number(answer.tokens);
    done += part.length;
  }
  const flops = await model.flops?.(texts.slice(0, done));
  return {
    texts: done,
    seconds,
    coreSeconds,
    ...(flops !== undefined && { flops }),
    ...(tokens !== undefined && { tokens }),
  };
}
