// A set of strings as a tree: what regular expressions, choices and JSON schemas are turned into. Parts may be shared.
import { type CodePoints, codePoints } from "./code-points.js";

export type Pattern =
  | { kind: "characters"; set: CodePoints }
  | { kind: "sequence"; parts: readonly Pattern[] }
  | { kind: "either"; options: readonly Pattern[] }
  /** `most` is Infinity where there is no bound. The separator stands between two of them. */
  | { kind: "repeat"; part: Pattern; least: number; most: number; separator?: Pattern }
  /** One of these, exactly: a list of choices costs no more than their characters. */
  | { kind: "texts"; texts: readonly string[] }
  /** In this order, with the separator between two that are there. */
  | { kind: "members"; members: readonly Member[]; separator: Pattern };

export interface Member {
  isRequired: boolean;
  pattern: Pattern;
}

export const sequence = (...parts: Pattern[]): Pattern => ({ kind: "sequence", parts });
export const repeated = (part: Pattern, least: number, most: number, separator?: Pattern): Pattern => ({
  kind: "repeat",
  part,
  least,
  most,
  separator,
});
export const optional = (part: Pattern): Pattern => repeated(part, 0, 1);
export const characters = (set: CodePoints): Pattern => ({ kind: "characters", set });
export const nothing: Pattern = sequence();
export const single = (point: number): CodePoints => codePoints([[point, point]]);

/** An option that stands there twice counts once. */
export function either(options: readonly Pattern[]): Pattern {
  const distinct = [...new Set(options)];
  return distinct.length === 1 ? distinct[0] : { kind: "either", options: distinct };
}

/** Exactly one of these texts. Half a surrogate pair counts as U+FFFD. */
export function oneOfTexts(texts: readonly string[]): Pattern {
  return { kind: "texts", texts: texts.map((text) => text.replace(/\p{Surrogate}/gu, "\ufffd")) };
}

/** Exactly this text. */
export function literalPattern(text: string): Pattern {
  return oneOfTexts([text]);
}
