// What may follow in each sequence, and what ends it: the rules that sampling and beam search share.
import type { TokenConstraint } from "./constraint/index.js";
import { penalizeRepetition } from "./repetition-penalty.js";

export interface TokenRules {
  /** Each of these tokens ends a text; it is not part of the answer. */
  endIds?: readonly number[];
  /** Tokens that are never written, such as padding. */
  never?: readonly number[];
  /** 1 changes nothing; see penalizeRepetition. */
  repetitionPenalty?: number;
  /** Only what it allows is written, and what is written is whole. */
  constraint?: TokenConstraint;
}

/** One text that grows. */
export interface Sequence {
  ids: number[];
  /** Tokens of prompt and answer, for the repetition penalty. */
  seen: Set<number>;
  /** Where the constraint stands. */
  state: number;
}

export function beginSequence(prompt: Int32Array, { constraint }: TokenRules): Sequence {
  return { ids: [], seen: new Set(prompt), state: constraint?.start ?? 0 };
}

/** @param left tokens that may still be written, the next one counted */
export function applyRules(logits: Float32Array, sequence: Sequence, rules: TokenRules, left: number): void {
  const { never = [], repetitionPenalty = 1, constraint, endIds = [] } = rules;
  penalizeRepetition(logits, sequence.seen, repetitionPenalty);
  for (const id of never) logits[id] = -Infinity;
  if (!constraint) return;
  const allowed = constraint.allowed(sequence.state, left);
  const kept = Float32Array.from(allowed, (id) => logits[id]);
  const ends = endIds.map((id) => logits[id]);
  logits.fill(-Infinity);
  for (let i = 0; i < allowed.length; i++) logits[allowed[i]] = Math.max(kept[i], lowest);
  if (constraint.isComplete(sequence.state))
    for (const [i, id] of endIds.entries()) logits[id] = Math.max(ends[i], lowest);
}

/** A model may rule out all that the constraint allows; the constraint has the last word. */
const lowest = -3e38;

export function addToken(sequence: Sequence, id: number, { constraint }: TokenRules): void {
  sequence.ids.push(id);
  sequence.seen.add(id);
  if (constraint) sequence.state = constraint.next(sequence.state, id);
}

/** Whether nothing may follow: the constraint's text is whole and cannot go on. */
export function isFull(sequence: Sequence, { constraint }: TokenRules): boolean {
  return constraint?.isComplete(sequence.state) === true && !constraint.canGoOn(sequence.state);
}
