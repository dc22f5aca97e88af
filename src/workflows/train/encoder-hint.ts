// What to tell of an encoder that is in the cache and was not asked for.
import { option } from "../../base/option.js";
import { cachedModels } from "../../hub/index.js";

/**
 * Points of accuracy that vectors of all-MiniLM-L6-v2 gained over the best family from nothing, at least and at most, on
 * English questions, intents, reviews and messages: bench/base.ts.
 */
const gains: readonly { rows: number; points: string }[] = [
  { rows: 1000, points: "gained 4 to 16 points of accuracy on tables with as few rows" },
  { rows: Number.POSITIVE_INFINITY, points: "gained up to 6 points of accuracy on tables with several thousand rows" },
];

/** Undefined where the cache has none. @param rows to learn from */
export function encoderHint(rows: number): string | undefined {
  const encoder = cachedModels().find(({ kind }) => kind === "encoder");
  if (!encoder) return undefined;
  const { points } = gains.find((one) => rows < one.rows)!;
  return `An encoder is in the cache: ${option("base")} ${encoder.name}. Vectors of such a model ${points}.`;
}
