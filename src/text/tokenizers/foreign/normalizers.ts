// The normalizers of a tokenizer.json, each a function from text to text. Knows no tokens.
import { byteCharacters } from "../byte-alphabet.js";
import { charsmapNormalizer } from "./charsmap.js";
import { checkGrowth, mostUnits, replaced } from "./growth.js";
import { checkedParts, type Part, readPart, unknownType } from "./part.js";
import { patternOf } from "./pattern.js";
import {
  classOf,
  cleaned,
  lowerCased,
  normalForm,
  whiteSpace,
  withoutMarks,
  withoutNonSpacingMarks,
} from "./unicode.js";

export type Normalizer = (text: string) => string;

/** @param value - the field `normalizer` of the file. */
export function normalizerOf(value: unknown): Normalizer {
  if (value === null || value === undefined) return (text) => text;
  const steps = read(readPart(value, "normalizer"));
  return (text) => {
    const most = mostUnits(text.length);
    return steps.reduce((done, step) => {
      const next = step(done, most);
      checkGrowth(next.length, most, "normalizer");
      return next;
    }, text);
  };
}

/** @param most - UTF-16 units of its result; what grows by a factor of the file's own looks at it before it does. */
type Step = (text: string, most: number) => string;

/** Sequences of sequences are one. */
function read(part: Part): Step[] {
  if (part.type === "Sequence") {
    const steps = checkedParts(part.parts("normalizers").flatMap(read), part.where);
    part.end();
    return steps;
  }
  const make = Object.hasOwn(normalizers, part.type) ? normalizers[part.type] : unknownType(part);
  const made = make(part);
  part.end();
  return [made];
}

const normalizers: Record<string, (part: Part) => Step> = {
  NFC: () => (text) => normalForm(text, "NFC"),
  NFD: () => (text) => normalForm(text, "NFD"),
  NFKC: () => (text) => normalForm(text, "NFKC"),
  NFKD: () => (text) => normalForm(text, "NFKD"),
  Lowercase: () => lowerCased,
  StripAccents: () => withoutMarks,
  Strip(part) {
    const [left, right] = [part.flag("strip_left"), part.flag("strip_right")];
    return (text) => {
      let [from, to] = [0, text.length];
      while (left && from < to && isWhite.test(text[from])) from++;
      while (right && to > from && isWhite.test(text[to - 1])) to--;
      return text.slice(from, to);
    };
  },
  Prepend(part) {
    const before = part.short("prepend");
    return (text) => (text === "" ? "" : before + text);
  },
  Replace(part) {
    const find = patternOf(part);
    const content = part.short("content");
    return (text, most) => replaced(text, find, content, most, "normalizer");
  },
  Nmt() {
    const controls = new RegExp(`[${classOf("1-8 b e-1f 7f 8f 9f")}]`, "gu");
    const spaces = new RegExp(`[${classOf("9-a c-d 1680 200b-200f 2028-2029 2581 feff fffd")}]`, "gu");
    return (text) => text.replace(controls, "").replace(spaces, " ");
  },
  Precompiled: (part) => charsmapNormalizer(part.text("precompiled_charsmap"), part.where),
  BertNormalizer(part) {
    const lowercase = part.flag("lowercase");
    const steps: [boolean, Normalizer][] = [
      [part.flag("clean_text"), cleaned],
      [part.flag("handle_chinese_chars"), (text) => text.replace(ideograph, " $& ")],
      [part.flag("strip_accents", lowercase), (text) => withoutNonSpacingMarks(normalForm(text, "NFD"))],
      [lowercase, lowerCased],
    ];
    const wanted = steps.flatMap(([isWanted, step]) => (isWanted ? step : []));
    return (text) => wanted.reduce((done, step) => step(done), text);
  },
  ByteLevel: () => bytesAsCharacters,
};

const isWhite = new RegExp(whiteSpace, "u");

/** As Bert has them, with its gap from U+2B820. */
const ideograph =
  /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu;

/** The bytes of a text in GPT-2's alphabet. */
export function bytesAsCharacters(text: string): string {
  let characters = "";
  for (const byte of Buffer.from(text)) characters += byteCharacters[byte];
  return characters;
}
