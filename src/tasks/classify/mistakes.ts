// The mistakes of which a model was surest: where to look for wrong labels and missing examples.
import { predictedClasses } from "../../metrics/index.js";

export interface Mistake {
  text: string;
  truth: string;
  predicted: string;
  /** Probability of the wrong label. */
  probability: number;
}

/**
 * At most `count` wrong answers, the most confident first.
 *
 * @param truth the rows' labels by name
 * @param probabilities row-major (rows, labels)
 */
export function worstMistakes(
  texts: readonly string[],
  truth: readonly string[],
  probabilities: Float32Array,
  labels: readonly string[],
  count = 12,
): Mistake[] {
  const predicted = predictedClasses(probabilities, labels.length);
  const confidence = (row: number) => probabilities[row * labels.length + predicted[row]];
  return [...texts.keys()]
    .filter((row) => labels[predicted[row]] !== truth[row])
    .sort((a, b) => confidence(b) - confidence(a) || a - b)
    .slice(0, count)
    .map((row) => ({
      text: texts[row],
      truth: truth[row],
      predicted: labels[predicted[row]],
      probability: confidence(row),
    }));
}
