// How far a method's shares can be trusted: whether the words that it names are those that the answer hangs on. Each figure stands
// beside that of random words.
import { z } from "zod";
import type { Watch } from "../base/progress.js";
import { createRandom } from "../base/random.js";
import { kendall } from "../metrics/index.js";
import type { AnswerForm } from "../networks/index.js";
import { type Measured, measured } from "./measured.js";
import type { ExplainedModel, Shares, TextToExplain } from "./method.js";
import { occlusion } from "./occlusion.js";
import { answersOf } from "./scores.js";
import type { Target } from "./target.js";
import { textWithout } from "./words.js";

const intervalSchema = z.object({ low: z.number(), high: z.number() });
const measuredSchema = z.object({
  value: z.number(),
  interval: intervalSchema,
  random: z.number(),
  randomInterval: intervalSchema,
  isBetter: z.boolean(),
}) satisfies z.ZodType<Measured>;
export const trustSchema = z.object({
  method: z.string().max(100),
  rows: z.int().min(1),
  comprehensiveness: measuredSchema,
  sufficiency: measuredSchema,
  agreement: measuredSchema.optional(),
});

/** Over rows, each figure beside that of random words. */
export interface Trust {
  method: string;
  rows: number;
  /** What the answer loses without the strongest words; more is better. */
  comprehensiveness: Measured;
  /** What it loses with the strongest words alone; less is better. */
  sufficiency: Measured;
  /** Kendall's τ with each word left out; left out itself where that is the method. */
  agreement?: Measured;
}

/** J. DeYoung et al. 2020 (ERASER), arXiv:1911.03429, section 4.2: means over these shares of the words. */
const shareOfWords = [0.01, 0.05, 0.1, 0.2, 0.5];
/** Fewer have no order to measure. */
const fewestWords = 3;

/**
 * @param rows - texts with the shares of a method, which are for the predicted label
 * @returns nothing where no text has three words
 */
export async function measureTrust(
  model: ExplainedModel,
  method: string,
  rows: readonly (TextToExplain & Pick<Shares, "shares" | "read">)[],
  seed: number,
  watch: Watch = {},
): Promise<Trust | undefined> {
  const kept = rows.filter(({ read }) => read >= fewestWords);
  if (kept.length === 0) return undefined;
  const random = createRandom(seed);
  const isNumber = model.form.activation === "linear";
  const orders = kept.map(({ shares, read }) => {
    const words = Array.from({ length: read }, (_, word) => word);
    const strength = (word: number) => (isNumber ? Math.abs(shares[word]) : shares[word]);
    return [[...words].sort((a, b) => strength(b) - strength(a) || a - b), random.shuffle([...words])];
  });
  const variants = kept.flatMap((row, i) => [
    { text: row.text, target: row.target },
    ...orders[i].flatMap((order) => variantsOf(row, order)),
  ]);
  const answers = await answersOf(model, variants, "measuring the explanations", watch);
  const sure = variants.map(({ target }, i) => certainty(model.form, answers[i], target));
  const each = variants.length / kept.length;
  const lost = (row: number, at: number) => {
    const change = sure[row * each] - sure[row * each + at];
    return isNumber ? Math.abs(change) : change;
  };
  const levels = shareOfWords.length;
  /** @param first - of the variants of a row, which stand in pairs by level */
  const meanLost = (first: number) =>
    kept.map((_, row) => {
      let sum = 0;
      for (let level = 0; level < levels; level++) sum += lost(row, first + 2 * level);
      return sum / levels;
    });
  const [own, ofRandom] = [1, 1 + 2 * levels];
  const agreement = method === "occlusion" ? undefined : await agreementOf(model, kept, random.shuffle, watch);
  const over = (values: number[], randomValues: number[], better: "more" | "less") =>
    measured(values, randomValues, better, seed);
  return {
    method,
    rows: kept.length,
    comprehensiveness: over(meanLost(own), meanLost(ofRandom), "more"),
    sufficiency: over(meanLost(own + 1), meanLost(ofRandom + 1), "less"),
    ...(agreement && { agreement: over(agreement.own, agreement.random, "more") }),
  };
}

/** For each level without the first words of the order, and with them alone. */
function variantsOf({ text, words, read, target }: TextToExplain & { read: number }, order: readonly number[]) {
  return shareOfWords.flatMap((share) => {
    const chosen = new Set(order.slice(0, Math.ceil(share * read)));
    return [
      { text: textWithout(text, words, (word) => word >= read || chosen.has(word)), target },
      { text: textWithout(text, words, (word) => !chosen.has(word)), target },
    ];
  });
}

/** The probability of a label, or the number itself. */
function certainty({ activation }: AnswerForm, answer: Float32Array, { of }: Target): number {
  return activation === "linear" ? answer[of] : Math.min(1, answer[of]);
}

/** τ of each row with each word left out, and of the same shares in a random order. */
async function agreementOf(
  model: ExplainedModel,
  rows: readonly (TextToExplain & Pick<Shares, "shares" | "read">)[],
  shuffle: (values: number[]) => number[],
  watch: Watch,
) {
  const leaving = await occlusion.open(model, {});
  const left = await leaving.explain(rows, watch);
  const taus = rows.map(({ shares, read }, row) => {
    const values = [...shares.subarray(0, read)];
    const truth = left[row].shares.subarray(0, read);
    return [kendall(values, truth), kendall(shuffle([...values]), truth)];
  });
  const known = taus.filter((pair) => pair.every((tau) => !Number.isNaN(tau)));
  if (known.length === 0) return undefined;
  return { own: known.map(([tau]) => tau), random: known.map(([, tau]) => tau) };
}
