// Regular expressions as text to patterns: the part of JavaScript's syntax (flag u) that describes a set of strings.
import { UserError } from "../../base/errors.js";
import { type CodePoints, codePoints, codePointsOf, complement } from "./code-points.js";
import { characters, either, nothing, type Pattern, repeated, single } from "./pattern.js";

/** Copies of a counted part. */
export const mostRepetitions = 1000;
/** Characters of an expression, and groups in groups. */
const longest = 100_000;
const deepest = 200;

const digits = codePoints([[0x30, 0x39]]);
const wordCharacters = codePoints([
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
]);
const spaces = codePoints([
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]);
const lineEnds = codePoints([
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
]);
const escapedClasses: Record<string, CodePoints> = {
  d: digits,
  D: complement(digits),
  w: wordCharacters,
  W: complement(wordCharacters),
  s: spaces,
  S: complement(spaces),
};
const escapedControls: Record<string, number> = { n: 10, r: 13, t: 9, v: 11, f: 12, 0: 0 };

export interface ParsedRegex {
  pattern: Pattern;
  /** Whether it began with ^ and ended with $. */
  fromStart: boolean;
  toEnd: boolean;
}

/**
 * Literals, `.`, classes (\d \w \s \p{…}, ranges, negation), groups, alternation and quantifiers; ^ and $ only at the ends
 * of the whole. Everything is by code point; lazy quantifiers describe the same strings as greedy ones.
 *
 * @throws UserError that names the place and what is not understood
 */
export function parseRegex(source: string): ParsedRegex {
  const shown = source.length > 200 ? `${source.slice(0, 200)}…` : source;
  if (source.length > longest)
    throw new UserError(
      `The regular expression /${shown}/ has ${source.length} characters; at most ${longest} can be used. Shorten it.`,
    );
  const text = Array.from(source);
  let at = 0;
  let depth = 0;
  const fault = (what: string) =>
    new UserError(
      `The regular expression /${shown}/ cannot be used: ${what} at character ${at + 1}. Supported are literals, ., ` +
        "[classes], \\d \\w \\s \\p{…}, (groups), |, and the quantifiers * + ? {n} {n,} {n,m}.",
    );
  const take = (character: string) => {
    if (text[at] !== character) return false;
    at++;
    return true;
  };

  const fromStart = take("^");
  const pattern = alternatives();
  const toEnd = take("$");
  if (at < text.length)
    throw fault(text[at] === ")" ? "there is a ')' without a '('" : `there is an unexpected '${text[at]}'`);
  return { pattern, fromStart, toEnd };

  function alternatives(): Pattern {
    const options = [terms()];
    while (take("|")) options.push(terms());
    return either(options);
  }

  function terms(): Pattern {
    const parts: Pattern[] = [];
    while (at < text.length && text[at] !== "|" && text[at] !== ")" && !isFinalDollar()) parts.push(quantified(atom()));
    return parts.length === 1 ? parts[0] : { kind: "sequence", parts };
  }

  function isFinalDollar(): boolean {
    return text[at] === "$" && at === text.length - 1;
  }

  function atom(): Pattern {
    const character = text[at];
    if (take("(")) return group();
    if (take("[")) return characters(characterClass());
    if (take(".")) return characters(complement(lineEnds));
    if (take("\\")) return characters(escaped(false));
    if ("*+?{".includes(character)) throw fault(`there is nothing for '${character}' to repeat`);
    if ("^$".includes(character))
      throw fault(`'${character}' is only supported at the ends of the whole expression, not`);
    if ("]}".includes(character)) throw fault(`'${character}' has no opening bracket (write \\${character})`);
    at++;
    return characters(single(character.codePointAt(0)!));
  }

  function group(): Pattern {
    if (take("?")) {
      const name = text[at] === "<" && !"=!".includes(text[at + 1] ?? "=") ? text.indexOf(">", at) : -1;
      if (name >= 0) at = name + 1;
      else if (!take(":")) throw fault("there is a lookaround or a group with flags");
    }
    if (++depth > deepest) throw fault(`there are more than ${deepest} groups within each other`);
    const inner = alternatives();
    depth--;
    if (!take(")")) throw fault("a '(' has no ')'");
    return inner;
  }

  function quantified(part: Pattern): Pattern {
    const range = quantifier();
    if (!range) return part;
    take("?");
    if (at < text.length && "*+{".includes(text[at])) throw fault(`there is a second quantifier '${text[at]}'`);
    const [least, most] = range;
    if (least > most) throw fault(`the quantifier {${least},${most}} is out of order`);
    if (least > mostRepetitions || (most > mostRepetitions && most < Infinity))
      throw fault(`there is a count larger than ${mostRepetitions}`);
    return most === 0 ? nothing : repeated(part, least, most);
  }

  function quantifier(): [number, number] | undefined {
    if (take("*")) return [0, Infinity];
    if (take("+")) return [1, Infinity];
    if (take("?")) return [0, 1];
    if (text[at] !== "{") return undefined;
    const found = /^\{(\d+)(,(\d*))?\}/.exec(text.slice(at, at + 40).join(""));
    if (!found) throw fault("there is an unfinished quantifier (write \\{ for the character)");
    at += found[0].length;
    const least = Number(found[1]);
    return [least, found[2] === undefined ? least : found[3] === "" ? Infinity : Number(found[3])];
  }

  function characterClass(): CodePoints {
    const isNegated = take("^");
    const ranges: (readonly [number, number])[] = [];
    while (!take("]")) {
      if (at >= text.length) throw fault("a '[' has no ']'");
      const from = classMember();
      if (text[at] !== "-" || text[at + 1] === "]" || at + 1 >= text.length) {
        ranges.push(...from);
        continue;
      }
      at++;
      const to = classMember();
      if (!isSingle(from) || !isSingle(to)) throw fault("a range has a class as an endpoint");
      if (from[0][0] > to[0][0]) throw fault("a range is out of order");
      ranges.push([from[0][0], to[0][0]]);
    }
    const set = codePoints(ranges);
    return isNegated ? complement(set) : set;
  }

  function classMember(): CodePoints {
    if (take("\\")) return escaped(true);
    return single(text[at++].codePointAt(0)!);
  }

  /** Behind a backslash. */
  function escaped(isInClass: boolean): CodePoints {
    if (at >= text.length) throw fault("there is a trailing backslash");
    const character = text[at++];
    if (Object.hasOwn(escapedClasses, character)) return escapedClasses[character];
    if (Object.hasOwn(escapedControls, character) && !(character === "0" && /\d/.test(text[at] ?? "")))
      return single(escapedControls[character]);
    if (character === "p" || character === "P") return property(character);
    if (character === "x") return hexadecimal(/^[0-9a-fA-F]{2}/);
    if (character === "u") return text[at] === "{" ? braced() : hexadecimal(/^[0-9a-fA-F]{4}/);
    if (character === "b" && isInClass) return single(8);
    if (/[A-Za-z0-9]/.test(character)) {
      at--;
      throw fault(`\\${character} is not supported`);
    }
    return single(character.codePointAt(0)!);
  }

  function hexadecimal(digits: RegExp): CodePoints {
    const found = digits.exec(text.slice(at, at + 4).join(""));
    if (!found) throw fault("a character escape is unfinished");
    const point = Number.parseInt(found[0], 16);
    if (point >= 0xd800 && point <= 0xdfff) throw fault("there is half of a surrogate pair (write \\u{1F600} whole)");
    at += found[0].length;
    return single(point);
  }

  function braced(): CodePoints {
    const found = /^\{([0-9a-fA-F]+)\}/.exec(text.slice(at, at + 12).join(""));
    if (!found || Number.parseInt(found[1], 16) > 0x10ffff) throw fault("a character escape is invalid");
    at += found[0].length;
    return single(Number.parseInt(found[1], 16));
  }

  function property(kind: string): CodePoints {
    const end = text[at] === "{" ? text.indexOf("}", at) : -1;
    const name = end < 0 ? "" : text.slice(at, end + 1).join("");
    try {
      const set = codePointsOf(new RegExp(`\\${kind}${name}`, "u"));
      at = end + 1;
      return set;
    } catch {
      throw fault(`\\${kind}${name} is not a Unicode property`);
    }
  }
}

function isSingle(set: CodePoints): boolean {
  return set.length === 1 && set[0][0] === set[0][1];
}
