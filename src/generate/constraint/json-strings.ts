// What stands between the quotes of a JSON string, for a pattern of the string's own characters. Source: RFC 8259, section 7.
import { codePoints, complement, hasCodePoint, without } from "./code-points.js";
import { characters, either, oneOfTexts, type Pattern } from "./pattern.js";

/** Quotes, backslashes and control characters are written with a backslash. */
const mustEscape = codePoints([
  [0, 0x1f],
  [0x22, 0x22],
  [0x5c, 0x5c],
]);
const short = ['"', "\\", "\b", "\f", "\n", "\r", "\t"];

/** Any one character of a string; control characters without a short form are left out. */
export const stringCharacter: Pattern = either([
  characters(complement(mustEscape)),
  oneOfTexts(short.map((character) => escapeOf(character.codePointAt(0)!))),
]);

/** The same strings, each as it stands in JSON. */
export function jsonStringPattern(pattern: Pattern): Pattern {
  switch (pattern.kind) {
    case "characters": {
      const escaped: string[] = [];
      for (const [from, to] of mustEscape)
        for (let point = from; point <= to; point++)
          if (hasCodePoint(pattern.set, point)) escaped.push(escapeOf(point));
      return either([characters(without(pattern.set, mustEscape)), oneOfTexts(escaped)]);
    }
    case "sequence":
      return { kind: "sequence", parts: pattern.parts.map(jsonStringPattern) };
    case "either":
      return either(pattern.options.map(jsonStringPattern));
    case "repeat":
      return { ...pattern, part: jsonStringPattern(pattern.part) }; // those of expressions have no separator
    case "texts":
      return oneOfTexts(pattern.texts.map((text) => JSON.stringify(text).slice(1, -1)));
    case "members": {
      const members = pattern.members.map((member) => ({ ...member, pattern: jsonStringPattern(member.pattern) }));
      return { kind: "members", members, separator: jsonStringPattern(pattern.separator) };
    }
  }
}

function escapeOf(point: number): string {
  return JSON.stringify(String.fromCodePoint(point)).slice(1, -1);
}
