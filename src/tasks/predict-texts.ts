// Answers for many texts, part by part, so that progress is seen and a signal is heard.
import { CancelledError } from "../base/errors.js";
import type { Watch } from "../base/progress.js";
import type { TextModel } from "./families/family.js";

const textsAtOnce = 1024;

/** (texts, width) */
export async function predictTexts(
  model: Pick<TextModel, "predict" | "width">,
  texts: readonly string[],
  stage: string,
  watch: Watch = {},
): Promise<Float32Array> {
  const answers = new Float32Array(texts.length * model.width);
  for (let done = 0; done < texts.length; done += textsAtOnce) {
    watch.onProgress?.({ stage, done, total: texts.length });
    await new Promise((resolve) => setImmediate(resolve));
    if (watch.signal?.aborted) throw new CancelledError("Stopped before all rows were predicted.");
    const part = await model.predict(texts.slice(done, done + textsAtOnce));
    answers.set(part, done * model.width);
  }
  return answers;
}
