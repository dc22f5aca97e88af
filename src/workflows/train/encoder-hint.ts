// What to tell of an encoder that is in the cache and was not asked for.
import { option } from "../../base/option.js";
import { cachedModels } from "../../hub/index.js";

/**
 * Points of accuracy that vectors of all-MiniLM-L6-v2 gained over the linear model: with 200 questions 10, 200 reviews 8, 616
 * messages of 77 intents 15; with 5,000 questions 5, 5,000 text messages 0.
 */
const gains: readonly { rows: number; points: string }[] = [
  { rows: 1000, points: "gained 8 to 15 points of accuracy on tables with as few rows" },
  { rows: Number.POSITIVE_INFINITY, points: "gained 0 to 5 points of accuracy on tables with several thousand rows" },
];

/** Undefined where the cache has none. @param rows to learn from */
export function encoderHint(rows: number): string | undefined {
  const encoder = cachedModels().find(({ kind }) => kind === "encoder");
  if (!encoder) return undefined;
  const { points } = gains.find((one) => rows < one.rows)!;
  return `An encoder is in the cache: ${option("base")} ${encoder.name}. Vectors of such a model ${points}.`;
}
