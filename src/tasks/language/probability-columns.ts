// What a language model says of rows, as columns.
import { textLoss } from "../../metrics/index.js";
import type { NewColumn, NewValues } from "../../tables/index.js";
import type { ScoredText } from "./score-texts.js";

/** @param isEach also how many tokens there are, and the perplexity */
export function probabilityColumns(isEach = false): NewColumn[] {
  const columns: NewColumn[] = [
    { name: "log_probability", type: "DOUBLE" },
    { name: "bits_per_byte", type: "DOUBLE" },
  ];
  return isEach ? [...columns, { name: "tokens", type: "INTEGER" }, { name: "perplexity", type: "DOUBLE" }] : columns;
}

/** Texts without tokens have no values. */
export function probabilityValues(scored: readonly ScoredText[], isEach = false): NewValues[] {
  const rows = scored.map((text) => (text.tokens > 0 ? { ...text, ...textLoss(text) } : undefined));
  const of = (name: "logProbability" | "bitsPerByte" | "tokens" | "perplexity") =>
    rows.map((row) => row?.[name] ?? null);
  return isEach
    ? [of("logProbability"), of("bitsPerByte"), of("tokens"), of("perplexity")]
    : [of("logProbability"), of("bitsPerByte")];
}
