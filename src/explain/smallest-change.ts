// The fewest words whose absence turns an answer, by a greedy search: the word that costs most goes first, until the answer turns;
// then each that is not needed for that comes back. A smaller change may exist.
import type { Watch } from "../base/progress.js";
import type { ExplainedModel } from "./method.js";
import { answersOf } from "./scores.js";
import { scoreOf, type Target } from "./target.js";
import { type Span, textWithout } from "./words.js";

/** More words are no small change. */
const mostWords = 24;

/**
 * @param isTurned - whether an answer is another one than that of the text
 * @returns nothing where no change was found
 */
export async function smallestChange(
  model: ExplainedModel,
  { text, words, read, target }: { text: string; words: readonly Span[]; read: number; target: Target },
  isTurned: (answer: Float32Array) => boolean,
  watch?: Watch,
): Promise<{ left: number[]; text: string; answer: Float32Array } | undefined> {
  const left = new Set<number>();
  const without = (more: number | undefined, less?: number) =>
    textWithout(text, words, (word) => (left.has(word) && word !== less) || word === more);
  const ask = (texts: readonly string[]) =>
    answersOf(
      model,
      texts.map((one) => ({ text: one })),
      "leaving words out",
      watch,
    );
  let answer: Float32Array | undefined;
  while (answer === undefined && left.size < Math.min(mostWords, read)) {
    const rest = Array.from({ length: read }, (_, word) => word).filter((word) => !left.has(word));
    const answers = await ask(rest.map((word) => without(word)));
    const scores = answers.map((own) => scoreOf(model.form, own, target));
    const best = scores.reduce((least, score, i) => (score < scores[least] ? i : least), 0);
    left.add(rest[best]);
    if (isTurned(answers[best])) answer = answers[best];
  }
  if (answer === undefined) return undefined;
  for (const word of [...left]) {
    if (left.size === 1) break;
    const [kept] = await ask([without(undefined, word)]);
    if (!isTurned(kept)) continue;
    left.delete(word);
    answer = kept;
  }
  return { left: [...left].sort((a, b) => a - b), text: without(undefined), answer };
}
