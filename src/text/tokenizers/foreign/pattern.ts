// The patterns of a tokenizer.json: strings, and regular expressions of Oniguruma. Knows what is found, not what follows.
import { type EmulatedRegExp, toRegExp } from "oniguruma-to-es";
import { isRecord, isText, type Part, refuse, shown } from "./part.js";
import { asUnicode16 } from "./unicode.js";

/** Units [from, to) of a text, found or between what was found; together they cover the text in order. */
export interface Stretch {
  from: number;
  to: number;
  isFound: boolean;
}

export type Finder = (text: string) => Stretch[];

/** The field `pattern` of a part: { "String": … } or { "Regex": … }. */
export function patternOf(part: Part): Finder {
  const pattern = part.any("pattern");
  const [[kind, source]] = isRecord(pattern) && Object.keys(pattern).length === 1 ? Object.entries(pattern) : [[]];
  if ((kind !== "String" && kind !== "Regex") || !isText(source))
    return refuse(part.where, `(${part.type}) has the pattern ${shown(pattern)}`);
  if (kind === "String") return finder(new RegExp(literally(source), "gu"));
  const expression = translated(source, part);
  return (text) => stretches(text, asUnicode16(text), expression);
}

/** Stretches of an expression of JavaScript, which has the flags g and u. */
export function finder(expression: RegExp): Finder {
  return (text) => stretches(text, text, expression);
}

/** A text as an expression that finds it. */
export function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** As Oniguruma's iterator in Rust: an empty match does not follow another match at its end. */
function stretches(text: string, seen: string, expression: RegExp | EmulatedRegExp): Stretch[] {
  const found: Stretch[] = [];
  let from = 0;
  let lastEnd = -1;
  for (let at = 0; text !== "" && at <= seen.length; ) {
    expression.lastIndex = at;
    const match = expression.exec(seen);
    if (match === null) break;
    const end = match.index + match[0].length;
    if (match.index === end && end === lastEnd) {
      at = end + ((seen.codePointAt(end) ?? 0) > 0xffff ? 2 : 1);
      continue;
    }
    if (match.index > from) found.push({ from, to: match.index, isFound: false });
    found.push({ from: match.index, to: end, isFound: true });
    from = lastEnd = at = end;
  }
  if (from < text.length) found.push({ from, to: text.length, isFound: false });
  return found;
}

function translated(source: string, { where, type }: Part): RegExp | EmulatedRegExp {
  const unshown = [...source.matchAll(/\\[pP]\{\^?([^}]*)\}/g)].find(([, name]) => !properties.has(plain(name)));
  const isOther = unshown !== undefined || notAsInPython.some((construct) => construct.test(source));
  if (isOther) refuse(where, `(${type}) has a regular expression that Python reads differently: ${shown(source)}`);
  try {
    return toRegExp(withWords(source), { accuracy: "strict", global: true });
  } catch (error) {
    return refuse(
      where,
      `(${type}) has the regular expression ${shown(source)}, which cannot be translated (${(error as Error).message})`,
    );
  }
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
