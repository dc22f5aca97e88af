// What a run will cost, said before it begins.
import { elementCount } from "../../../graph/index.js";
import { type LanguageNetworkShape, parameterSpecs } from "../../../networks/language/index.js";

/**
 * 6 operations a parameter in a product and token (J. Kaplan et al. 2020, arXiv:2001.08361, section 2.1), and 12 for each
 * number of attention's queries and each position that it looks at.
 */
export function flopsPerToken(shape: LanguageNetworkShape): number {
  const matrices = parameterSpecs(shape)
    .filter(({ shape: size, name }) => size.length === 2 && name !== "positions/table")
    .reduce((sum, { shape: size }) => sum + elementCount(size), 0);
  const attention = shape.family === "transformer" ? 12 * shape.layers * shape.width * shape.contextLength : 0;
  return 6 * matrices + attention;
}

/** 4 bytes each for a parameter, two moments, two lanes' gradients and two workers' copies and gradients. */
export function memoryOf(shape: LanguageNetworkShape, parameters: number): number {
  const shardTokens = 2048;
  const wide = shape.family === "transformer" ? 12 * shape.width + 3 * shape.feedForwardSize : 16 * shape.hidden;
  const scores = shape.family === "transformer" ? 3 * shape.heads * shape.contextLength : 0;
  const activations = 2 * shardTokens * shape.layers * (wide + scores);
  const logits = 2 * 3 * Math.min(8 * 2 ** 20, shardTokens * shape.vocabSize);
  const runtime = 150e6;
  return 4 * (9 * parameters + activations + logits) + runtime;
}

/** Seconds for people, roughly. */
export function minutes(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} seconds`;
  return `${Math.round(seconds / 60)} minutes`;
}
