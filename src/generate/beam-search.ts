// Beam search: the most probable texts among several that grow side by side.
import { CancelledError } from "../base/errors.js";
import type { Decoder } from "./decoder.js";
import type { GeneratedTokens } from "./generate.js";
import { addToken, applyRules, beginSequence, isFull, type Sequence, type TokenRules } from "./token-rules.js";

export interface BeamOptions extends TokenRules {
  /** Most tokens of an answer. */
  maxTokens: number;
  /** Texts that grow side by side. */
  beams: number;
  /** Answers to give, at most as many as beams. */
  samples?: number;
  /** Scores are log-probability / length^lengthPenalty: above 1 favours long texts, below 1 short ones. */
  lengthPenalty?: number;
  signal?: AbortSignal;
}

export interface BeamAnswer extends GeneratedTokens {
  /** Sum of the tokens' log-probabilities / length^lengthPenalty; the end counts as a token. */
  score: number;
}

interface Beam extends Sequence {
  row: number;
  logProbability: number;
}

/**
 * The answers to one prompt, the best first. Ends when as many texts as beams are finished and the best that still grows
 * has, at its present length, no better score than any of them.
 *
 * @throws CancelledError after an abort
 * @example
 * const [{ ids, score }] = await beamSearch(decoder, prompt, { beams: 4, maxTokens: 30 });
 */
export async function beamSearch(decoder: Decoder, prompt: Int32Array, options: BeamOptions): Promise<BeamAnswer[]> {
  const { maxTokens, beams: width, samples = 1, lengthPenalty = 1, endIds = [] } = options;
  const { vocabSize } = decoder;
  const done: BeamAnswer[] = [];
  const finish = (ids: readonly number[], logProbability: number, length: number, how: GeneratedTokens["finish"]) => {
    const score = logProbability / Math.max(1, length) ** lengthPenalty;
    done.push({ ids: Int32Array.from(ids), finish: how, score });
    done.sort((a, b) => b.score - a.score);
    done.length = Math.min(done.length, width);
  };
  const first: Beam = { ...beginSequence(prompt, options), row: 0, logProbability: 0 };
  if (isFull(first, options)) {
    finish([], 0, 0, "end");
    return done;
  }

  let logits = await decoder.start([prompt]);
  let beams = [first];
  const row = new Float32Array(vocabSize);
  for (let written = 0; ; written++) {
    if (options.signal?.aborted) throw new CancelledError("Stopped before the text was finished.");
    const grown: { beam: Beam; id: number; logProbability: number }[] = [];
    for (const beam of beams) {
      row.set(logits.subarray(beam.row * vocabSize, (beam.row + 1) * vocabSize));
      const normalizer = logSumExp(row);
      applyRules(row, beam, options, maxTokens - written);
      for (const id of largest(row, 2 * width))
        grown.push({ beam, id, logProbability: beam.logProbability + row[id] - normalizer });
    }
    grown.sort((a, b) => b.logProbability - a.logProbability);
    const next: Beam[] = [];
    for (const { beam, id, logProbability } of grown.slice(0, 2 * width)) {
      if (endIds.includes(id)) {
        finish(beam.ids, logProbability, written + 1, "end");
        continue;
      }
      const sequence: Beam = { ...beam, ids: [...beam.ids], seen: new Set(beam.seen), logProbability };
      addToken(sequence, id, options);
      if (isFull(sequence, options)) finish(sequence.ids, logProbability, written + 1, "end");
      else if (written + 1 === maxTokens) finish(sequence.ids, logProbability, written + 1, "length");
      else if (next.length < width) next.push(sequence);
    }
    const best = next.length > 0 ? next[0].logProbability / (written + 1) ** lengthPenalty : -Infinity;
    if (next.length === 0 || (done.length >= width && done[width - 1].score >= best)) return done.slice(0, samples);
    decoder.reorder(next.map((beam) => beam.row));
    beams = next.map((beam, i) => ({ ...beam, row: i }));
    logits = await decoder.step(Int32Array.from(beams, ({ ids }) => ids.at(-1)!));
  }
}

function logSumExp(logits: Float32Array): number {
  let largest = -Infinity;
  for (const value of logits) if (value > largest) largest = value;
  let sum = 0;
  for (const value of logits) sum += Math.exp(value - largest);
  return largest + Math.log(sum);
}

/** Ids of the `count` largest values that are not −∞, the largest first. */
function largest(values: Float32Array, count: number): number[] {
  const kept: number[] = [];
  for (let id = 0; id < values.length; id++) {
    if (values[id] === -Infinity || (kept.length === count && values[id] <= values[kept[count - 1]])) continue;
    if (kept.length === count) kept.pop();
    let at = kept.length;
    while (at > 0 && values[kept[at - 1]] < values[id]) at--;
    kept.splice(at, 0, id);
  }
  return kept;
}
