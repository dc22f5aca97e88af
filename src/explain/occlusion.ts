// What the score loses when a word is left out of the text: M. Zeiler, R. Fergus 2014, arXiv:1311.2901; J. Li et al. 2016,
// arXiv:1612.08220. It asks for answers alone, so every model has it.
import type { Watch } from "../base/progress.js";
import type { ExplainedModel, Method, Shares, TextToExplain } from "./method.js";
import { scoresOf } from "./scores.js";
import { wordsRead } from "./tokens.js";
import { textWithout } from "./words.js";

export const occlusion: Method = {
  summary: "each word left out of the text: for every model",
  lacks: () => undefined,
  open: async (model) => ({
    how: "each word left out of the text",
    explain: (texts, watch) => occlude(model, texts, watch),
    async close() {},
  }),
};

async function occlude(model: ExplainedModel, texts: readonly TextToExplain[], watch?: Watch): Promise<Shares[]> {
  const reads = texts.map(({ text, words }) => wordsRead(model.model, text, words));
  const variants = texts.flatMap(({ text, words, target }, i) => [
    { text, target },
    ...runsOf(reads[i].read).map(([first, last]) => ({
      text: textWithout(text, words, (word) => word >= reads[i].read || (word >= first && word <= last)),
      target,
    })),
  ]);
  const scores = await scoresOf(model, variants, watch);
  let at = 0;
  return texts.map(({ words }, i) => {
    const whole = scores[at++];
    const shares = new Float64Array(words.length);
    for (const [first, last] of runsOf(reads[i].read))
      shares.fill((whole - scores[at++]) / (last + 1 - first), first, last + 1);
    const { read, isUnknown } = reads[i];
    return { shares, score: whole, read, ...(isUnknown && { isUnknown }) };
  });
}

/** Beyond so many words, neighbours are left out together and share what that costs. */
const mostRuns = 512;

/** First and last word of what is left out at a time. */
function runsOf(words: number): [first: number, last: number][] {
  const length = Math.max(1, Math.ceil(words / mostRuns));
  return Array.from({ length: Math.ceil(words / length) }, (_, run) => [
    run * length,
    Math.min(words, (run + 1) * length) - 1,
  ]);
}
