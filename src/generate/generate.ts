// Writes on: sequences side by side, one token each at a time, until each has come to its end. Token ids only.
import { CancelledError } from "../base/errors.js";
import { createRandom, mixSeed } from "../base/random.js";
import type { Decoder } from "./decoder.js";
import { type SamplingOptions, tokenSampler } from "./sample-token.js";
import { addToken, applyRules, beginSequence, isFull, type Sequence, type TokenRules } from "./token-rules.js";

export interface GenerateOptions extends TokenRules, Partial<SamplingOptions> {
  /** Most tokens of one answer. */
  maxTokens: number;
  /** Answers for each prompt. */
  samples?: number;
  seed?: number;
  /** Called for each token as it comes; true ends the answer after it. `answer` counts from 0, prompt by prompt. */
  onToken?(answer: number, id: number): boolean | undefined;
  signal?: AbortSignal;
}

export interface GeneratedTokens {
  /** Without the token that ended it. */
  ids: Int32Array;
  /** end: the model ended it, or the constraint was full; stopped: onToken said so; length: maxTokens were written. */
  finish: "end" | "stopped" | "length";
}

/**
 * Answers in the order of the prompts, `samples` for each. Each answer draws its own random numbers, from the seed and
 * its place: it does not depend on the others. Without `temperature` the most probable token is taken.
 *
 * @throws CancelledError after an abort
 * @example
 * const decoder = await model.openDecoder();
 * const [{ ids }] = await generate(decoder, [tokenizer.encode("Call me")], { maxTokens: 50, temperature: 0.8, seed: 7 });
 */
export async function generate(
  decoder: Decoder,
  prompts: readonly Int32Array[],
  options: GenerateOptions,
): Promise<GeneratedTokens[]> {
  const { maxTokens, samples = 1, seed = 0, temperature = 0, topK = 0, topP = 1, minP = 0 } = options;
  const { vocabSize } = decoder;
  const choose = tokenSampler(vocabSize, { temperature, topK, topP, minP });
  const finish: (GeneratedTokens["finish"] | undefined)[] = [];
  const answers = prompts.flatMap((prompt) => Array.from({ length: samples }, () => beginSequence(prompt, options)));
  const randoms = answers.map((_, answer) => createRandom(mixSeed(seed, answer)));
  let active = answers.map((_, answer) => answer);
  if (answers.every((sequence) => isFull(sequence, options))) return answers.map((one) => finished(one, "end"));

  let logits = await decoder.start(prompts);
  /** Row of the logits of each active answer. */
  let rows = active.map((answer) => Math.floor(answer / samples));
  const row = new Float32Array(vocabSize);
  for (let written = 0; ; written++) {
    if (options.signal?.aborted) throw new CancelledError("Stopped before the text was finished.");
    for (const [i, answer] of active.entries()) {
      const sequence = answers[answer];
      row.set(logits.subarray(rows[i] * vocabSize, (rows[i] + 1) * vocabSize));
      applyRules(row, sequence, options, maxTokens - written);
      const id = choose(row, randoms[answer]);
      if (options.endIds?.includes(id)) {
        finish[answer] = "end";
        continue;
      }
      addToken(sequence, id, options);
      if (options.onToken?.(answer, id)) finish[answer] = "stopped";
      else if (isFull(sequence, options)) finish[answer] = "end";
      else if (written + 1 === maxTokens) finish[answer] = "length";
    }
    const goingOn = active.map((_, i) => i).filter((i) => finish[active[i]] === undefined);
    if (goingOn.length === 0) return answers.map((sequence, answer) => finished(sequence, finish[answer]!));
    const parents = goingOn.map((i) => rows[i]);
    active = goingOn.map((i) => active[i]);
    if (parents.length !== logits.length / vocabSize || parents.some((parent, i) => parent !== i))
      decoder.reorder(parents);
    rows = active.map((_, i) => i);
    logits = await decoder.step(Int32Array.from(active, (answer) => answers[answer].ids.at(-1)!));
  }
}

function finished({ ids }: Sequence, finish: GeneratedTokens["finish"]): GeneratedTokens {
  return { ids: Int32Array.from(ids), finish };
}
