// The patterns of a tokenizer.json: strings, and regular expressions of Oniguruma. Knows what is found, not what follows.
import { RegExpParser } from "@eslint-community/regexpp";
import { toRegExp } from "oniguruma-to-es";
import { UserError } from "../../../base/errors.js";
import { boundedMatcher, type Search, TooManySteps, UnknownConstruct } from "./bounded-matcher.js";
import { isLinear } from "./linear-pattern.js";
import { isRecord, isText, type Part, refuse, shown } from "./part.js";
import { asUnicode16 } from "./unicode.js";

/** Units [from, to) of a text, found or between what was found; together they cover the text in order. */
export interface Stretch {
  from: number;
  to: number;
  isFound: boolean;
}

export type Finder = (text: string) => Stretch[];

/** UTF-16 units of a pattern; those of known tokenizers have some hundred, and strings a few. */
const longestExpression = 10_000;
const longestString = 1000;

/** The field `pattern` of a part: { "String": … } or { "Regex": … }. */
export function patternOf(part: Part): Finder {
  const pattern = part.any("pattern");
  const [[kind, source]] = isRecord(pattern) && Object.keys(pattern).length === 1 ? Object.entries(pattern) : [[]];
  if ((kind !== "String" && kind !== "Regex") || !isText(source))
    return refuse(part.where, `(${part.type}) has the pattern ${shown(pattern)}`);
  const longest = kind === "String" ? longestString : longestExpression;
  if (source.length > longest)
    return refuse(
      part.where,
      `(${part.type}) has a pattern of ${source.length} characters, more than ${longest}: ${shown(source)}`,
    );
  if (kind === "String") return finder(new RegExp(literally(source), "gu"));
  const search = translated(source, part);
  return (text) => {
    const seen = asUnicode16(text);
    return stretches(text, search(seen));
  };
}

/** Stretches of an expression of JavaScript, which has the flags g and u. */
export function finder(expression: RegExp): Finder {
  const search = searchOf(expression);
  return (text) => stretches(text, search(text));
}

/** By the engine's own matcher. */
function searchOf(expression: RegExp): (text: string) => Search {
  return (text) => (from) => {
    expression.lastIndex = from;
    const match = expression.exec(text);
    return match === null ? undefined : [match.index, match.index + match[0].length];
  };
}

/** A text as an expression that finds it. */
export function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** As Oniguruma's iterator in Rust: an empty match does not follow another match at its end. */
function stretches(text: string, search: Search): Stretch[] {
  const found: Stretch[] = [];
  let from = 0;
  let lastEnd = -1;
  for (let at = 0; text !== "" && at <= text.length; ) {
    const match = search(at);
    if (match === undefined) break;
    const [begin, end] = match;
    if (begin === end && end === lastEnd) {
      at = end + ((text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1);
      continue;
    }
    if (begin > from) found.push({ from, to: begin, isFound: false });
    found.push({ from: begin, to: end, isFound: true });
    from = lastEnd = at = end;
  }
  if (from < text.length) found.push({ from, to: text.length, isFound: false });
  return found;
}

/** An expression whose time is not known to grow with the text alone is matched with its steps counted. */
function translated(source: string, { where, type }: Part): (text: string) => Search {
  const unshown = [...source.matchAll(/\\[pP]\{\^?([^}]*)\}/g)].find(([, name]) => !properties.has(plain(name)));
  const isOther = unshown !== undefined || notAsInPython.some((construct) => construct.test(source));
  if (isOther) refuse(where, `(${type}) has a regular expression that Python reads differently: ${shown(source)}`);
  let expression: RegExp;
  try {
    expression = toRegExp(withWords(source), { accuracy: "strict", global: true });
    const parsed = new RegExpParser().parsePattern(expression.source, 0, expression.source.length, {
      unicode: expression.unicode,
      unicodeSets: expression.flags.includes("v"),
    });
    return isLinear(parsed)
      ? searchOf(expression)
      : counted(source, boundedMatcher(parsed, expression.flags.replace("g", "")));
  } catch (error) {
    const isTooDeep = error instanceof RangeError;
    const reason = isTooDeep ? "it is nested too deep" : (error as Error).message;
    const what = error instanceof UnknownConstruct ? `it takes too long, and has ${reason}` : reason;
    return refuse(where, `(${type}) has the regular expression ${shown(source)}, which cannot be translated (${what})`);
  }
}

/** With an error that says which expression takes too long. */
function counted(source: string, matcher: (text: string) => Search): (text: string) => Search {
  return (text) => {
    const search = matcher(text);
    return (from) => {
      try {
        return search(from);
      } catch (error) {
        if (!(error instanceof TooManySteps)) throw error;
        throw new UserError(
          `The regular expression ${shown(source)} of this tokenizer.json takes too long on a text of ${text.length} ` +
            "characters. Use a tokenizer.json with a simpler expression, or remove this text.",
          { cause: error },
        );
      }
    };
  };
}

const plain = (name: string) => name.replace(/[_\s-]/g, "").toLowerCase();

/** Properties that were compared with Oniguruma's for every code point. Some of its others are not what they are called. */
const properties = new Set(
  `L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So Z Zs Zl Zp C Cn Cf Co Letter Mark Number
  Punctuation Symbol Separator Uppercase_Letter Decimal_Number Alphabetic Alpha Digit White_Space Space Emoji Any Adlam Ahom
  Arabic Armenian Balinese Bengali Bopomofo Buginese Cherokee Common Coptic Cyrillic Devanagari Ethiopic Georgian Glagolitic
  Gothic Greek Gujarati Gurmukhi Han Hangul Hebrew Hiragana Inherited Javanese Kannada Katakana Khmer Lao Latin Malayalam
  Mongolian Myanmar Nko Ogham Oriya Runic Sinhala Sundanese Syriac Tamil Telugu Thaana Thai Tibetan Tifinagh Vai Yi`
    .split(/\s+/)
    .map(plain),
);

/** Constructs whose meaning in Oniguruma is another than in its translation, or was not compared. */
const notAsInPython = [
  /\[:\^?(lower|upper)/i,
  // Without regard to case, these letters match ligatures and ß there.
  /\(\?[a-z]*i(?=.*(ss|st|ff|fi|fl|[^\0-\x7f]))/is,
  // Places of other matches, graphemes, calls, and what stands within words.
  /\\[GKXyYgB]|\(\?[~(&R]/,
  // A bracket as the first of a class.
  /\[\^?\]/,
];

const wordInClass = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}";
/** Outside of classes, Oniguruma's words have six more characters. */
const word = `[${wordInClass}\\u00b2\\u00b3\\u00b9\\u00bc-\\u00be]`;
const outside: Record<string, string> = {
  w: word,
  W: `(?!${word})(?m:.)`,
  b: `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`,
};
const inside: Record<string, string> = { w: wordInClass, W: `[^${wordInClass}]` };

function withWords(source: string): string {
  let depth = 0;
  return source.replace(/\\(.)|[[\]]/gsu, (all, escaped?: string) => {
    if (escaped !== undefined) return (depth === 0 ? outside : inside)[escaped] ?? all;
    depth = all === "[" ? depth + 1 : Math.max(0, depth - 1);
    return all;
  });
}
