// One number that makes probabilities surer or less sure, without changing which class is the likeliest.
import { checkShape } from "./check-lengths.js";

/** Where the temperature is looked for. */
const [coldest, hottest] = [0.02, 50];
/** The logarithm of the temperature is found to this. */
const tolerance = 1e-8;
/** Below, a probability is 0 for 32 bits. */
const least = 2 ** -149;

/**
 * The temperature T with which softmax(log p / T) makes the true classes likeliest, on rows that the model did not learn
 * from (Guo, Pleiss, Sun, Weinberger, "On Calibration of Modern Neural Networks", 2017). Above 1: the model is too sure.
 * The log loss has one minimum over 1 / T (it is convex there), which golden-section search finds.
 *
 * @param truth class indices, shape (rows)
 * @param probabilities row-major (rows, classes)
 * @returns T in [0.02, 50]; 1 for no rows
 * @example
 * fitTemperature([0, 1, 1], [0.99, 0.01, 0.9, 0.1, 0.1, 0.9], 2); // above 1: sure of a wrong answer
 */
export function fitTemperature(truth: ArrayLike<number>, probabilities: ArrayLike<number>, classes: number): number {
  checkShape(truth, probabilities, classes);
  if (truth.length === 0) return 1;
  const logits = Float64Array.from(probabilities as ArrayLike<number> & Iterable<number>, (p) =>
    Math.log(Math.max(least, p)),
  );
  const loss = (logTemperature: number) => {
    const scale = Math.exp(-logTemperature);
    let sum = 0;
    for (let row = 0; row < truth.length; row++) {
      const from = row * classes;
      let most = Number.NEGATIVE_INFINITY;
      for (let at = from; at < from + classes; at++) most = Math.max(most, logits[at] * scale);
      let total = 0;
      for (let at = from; at < from + classes; at++) total += Math.exp(logits[at] * scale - most);
      sum += Math.log(total) + most - logits[from + truth[row]] * scale;
    }
    return sum;
  };
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.log(coldest), Math.log(hottest)];
  let [a, b] = [high - golden * (high - low), low + golden * (high - low)];
  let [lossA, lossB] = [loss(a), loss(b)];
  while (high - low > tolerance) {
    if (lossA <= lossB) {
      [high, b, lossB] = [b, a, lossA];
      a = high - golden * (high - low);
      lossA = loss(a);
    } else {
      [low, a, lossA] = [a, b, lossB];
      b = low + golden * (high - low);
      lossB = loss(b);
    }
  }
  return Math.exp((low + high) / 2);
}

/**
 * softmax(log p / T), of the type of the probabilities.
 *
 * @param probabilities row-major (rows, classes)
 * @example
 * withTemperature(Float64Array.of(0.9, 0.1), 2, 2); // Float64Array [0.75, 0.25]
 */
export function withTemperature<Numbers extends Float32Array | Float64Array>(
  probabilities: Numbers,
  classes: number,
  temperature: number,
): Numbers {
  const scaled = probabilities.slice() as Numbers;
  for (let from = 0; from < scaled.length; from += classes) {
    let most = 0;
    for (let at = from; at < from + classes; at++) most = Math.max(most, probabilities[at]);
    let sum = 0;
    for (let at = from; at < from + classes; at++) {
      scaled[at] = (probabilities[at] / most) ** (1 / temperature);
      sum += scaled[at];
    }
    for (let at = from; at < from + classes; at++) scaled[at] /= sum;
  }
  return scaled;
}
