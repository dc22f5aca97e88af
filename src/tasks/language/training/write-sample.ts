// Some text from a network in training: what it has learned, for people to read.
import { generate } from "../../../generate/index.js";
import type { Trainer } from "../../../networks/language/index.js";
import { endsOf, unwritableIds } from "../../../text/tokenizers/index.js";
import type { TrainingTokens } from "../language-model.js";
import { networkDecoder } from "../network-model.js";
import type { RunPlan } from "./plan.js";

/** Tokens of a sample: a line or two. */
const maxTokens = 40;

/** From nothing, with the seed's random numbers; undefined for a masked objective, which does not write. */
export async function writeSample(
  { shape }: RunPlan,
  { tokenizer }: TrainingTokens,
  trainer: Trainer,
  { seed, threads }: { seed: number; threads: number },
): Promise<string | undefined> {
  if (shape.objective === "masked") return undefined;
  const decoder = await networkDecoder(shape, trainer.weights(), tokenizer, { threads });
  try {
    const endIds = endsOf(tokenizer);
    const rules = { never: unwritableIds(tokenizer, shape.vocabSize), endIds };
    const settings = { maxTokens, temperature: 0.8, topP: 0.95, seed };
    const [{ ids }] = await generate(decoder, [new Int32Array(0)], { ...rules, ...settings });
    return tokenizer.decode(ids);
  } finally {
    await decoder.close();
  }
}
