// Probabilities of many texts, part by part, so that progress is seen and a signal is heard.
import { CancelledError } from "../../base/errors.js";
import type { Watch } from "../../base/progress.js";
import type { TrainedClassifier } from "./family.js";

const textsAtOnce = 1024;

export async function predictTexts(
  classifier: TrainedClassifier,
  texts: readonly string[],
  stage: string,
  watch: Watch = {},
): Promise<Float32Array> {
  const probabilities = new Float32Array(texts.length * classifier.classes);
  for (let done = 0; done < texts.length; done += textsAtOnce) {
    watch.onProgress?.({ stage, done, total: texts.length });
    await new Promise((resolve) => setImmediate(resolve));
    if (watch.signal?.aborted) throw new CancelledError("Stopped before all rows were predicted.");
    const part = await classifier.predict(texts.slice(done, done + textsAtOnce));
    probabilities.set(part, done * classifier.classes);
  }
  return probabilities;
}
