// A set of strings as a tree: what regular expressions, choices and JSON schemas are turned into.
import { type CodePoints, codePoints } from "./code-points.js";

export type Pattern =
  | { kind: "characters"; set: CodePoints }
  | { kind: "sequence"; parts: readonly Pattern[] }
  | { kind: "either"; options: readonly Pattern[] }
  /** `most` is Infinity where there is no bound. */
  | { kind: "repeat"; part: Pattern; least: number; most: number };

export const sequence = (...parts: Pattern[]): Pattern => ({ kind: "sequence", parts });
export const either = (...options: Pattern[]): Pattern => ({ kind: "either", options });
export const repeated = (part: Pattern, least: number, most: number): Pattern => ({
  kind: "repeat",
  part,
  least,
  most,
});
export const optional = (part: Pattern): Pattern => repeated(part, 0, 1);
export const characters = (set: CodePoints): Pattern => ({ kind: "characters", set });
export const nothing: Pattern = sequence();

/** Exactly this text. Half a surrogate pair counts as U+FFFD. */
export function literalPattern(text: string): Pattern {
  return sequence(
    ...Array.from(Buffer.from(text).toString(), (character) => {
      const point = character.codePointAt(0)!;
      return characters(codePoints([[point, point]]));
    }),
  );
}
