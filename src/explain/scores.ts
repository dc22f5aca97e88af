// The answers and scores of texts, by a model's answers alone.
import type { Watch } from "../base/progress.js";
import { predictTexts } from "../tasks/index.js";
import type { ExplainedModel } from "./method.js";
import { scoreOf, type Target } from "./target.js";

/** The answer to each text; the same text is asked once. */
export async function answersOf(
  { model }: ExplainedModel,
  texts: readonly { text: string }[],
  stage: string,
  watch?: Watch,
): Promise<Float32Array[]> {
  const places = new Map<string, number>();
  for (const { text } of texts) if (!places.has(text)) places.set(text, places.size);
  const answers = await predictTexts(model, [...places.keys()], stage, watch);
  return texts.map(({ text }) => {
    const at = places.get(text)! * model.width;
    return answers.subarray(at, at + model.width);
  });
}

/** The score of each text. */
export async function scoresOf(
  model: ExplainedModel,
  texts: readonly { text: string; target: Target }[],
  watch?: Watch,
): Promise<Float64Array> {
  const answers = await answersOf(model, texts, "leaving words out", watch);
  return Float64Array.from(texts, ({ target }, i) => scoreOf(model.form, answers[i], target));
}
