// The pre-tokenizers of a tokenizer.json: from a text to the pieces that the model sees one by one. Knows no tokens.
import { characterClasses, isolated } from "../../characters.js";
import { pieceEnd } from "../split-pieces.js";
import { checkGrowth, mostUnits } from "./growth.js";
import { bytesAsCharacters } from "./normalizers.js";
import { checkedParts, type Part, readPart, refuse, unknownType } from "./part.js";
import { type Finder, finder, literally, patternOf, type Stretch } from "./pattern.js";
import { asUnicode16, numerals, whiteSpace, wordCharacters } from "./unicode.js";

export interface Piece {
  text: string;
  /** Whether it begins where the whole text begins. */
  isFirst: boolean;
}

export type PreTokenizer = (pieces: Piece[]) => Piece[];

interface Reading {
  /** Whether places in the normalized text are places in the text. */
  isPlaced: boolean;
  /** Whether nothing has yet cut or changed the text. */
  isWhole: boolean;
  /** Whether something before has changed the pieces. */
  isChanged: boolean;
}

/**
 * @param value - the field `pre_tokenizer` of the file.
 * @param isPlaced - whether the text comes without a normalizer.
 */
export function preTokenizerOf(value: unknown, isPlaced: boolean): PreTokenizer {
  if (value === null || value === undefined) return (pieces) => pieces;
  const steps = read(readPart(value, "pre_tokenizer"), { isPlaced, isWhole: true, isChanged: false });
  const [only] = steps;
  if (steps.length === 1) return only;
  return (pieces) => {
    const most = mostUnits(lengthOf(pieces));
    return steps.reduce((done, step) => {
      const next = step(done);
      checkGrowth(lengthOf(next), most, "pre_tokenizer");
      return next;
    }, pieces);
  };
}

function lengthOf(pieces: readonly Piece[]): number {
  let length = 0;
  for (const { text } of pieces) length += text.length;
  return length;
}

/** Sequences of sequences are one. */
function read(part: Part, reading: Reading): PreTokenizer[] {
  if (part.type === "Sequence") {
    const parts = part.parts("pretokenizers").flatMap((one) => read(one, reading));
    const steps = checkedParts(parts, part.where);
    part.end();
    reading.isWhole = false;
    return steps;
  }
  const make = Object.hasOwn(preTokenizers, part.type) ? preTokenizers[part.type] : unknownType(part);
  const made = make(part, reading);
  part.end();
  reading.isWhole = false;
  return [made];
}

const behaviors = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"] as const;
type Behavior = (typeof behaviors)[number];

const preTokenizers: Record<string, (part: Part, reading: Reading) => PreTokenizer> = {
  Whitespace() {
    const words = new RegExp(`[${wordCharacters}]+|[^${wordCharacters}${whiteSpace}]+`, "gu");
    const find = finder(words);
    return splitter((text) => inverted(find(asUnicode16(text))), "Removed");
  },
  WhitespaceSplit: () => splitter(white, "Removed"),
  BertPreTokenizer() {
    const [words, marks] = [splitter(white, "Removed"), splitter(punctuation(), "Isolated")];
    return (pieces) => marks(words(pieces));
  },
  Punctuation: (part) => splitter(punctuation(), part.oneOf("behavior", behaviors, "Isolated")),
  Digits: (part) => splitter(digits, part.flag("individual_digits") ? "Isolated" : "Contiguous"),
  CharDelimiterSplit(part) {
    const delimiter = character(part, "delimiter");
    return splitter(occurrences(delimiter), "Removed");
  },
  Split(part) {
    const find = patternOf(part);
    const behavior = part.oneOf("behavior", behaviors);
    return splitter(part.flag("invert") ? (text) => inverted(find(text)) : find, behavior);
  },
  FixedLength(part) {
    const length = part.whole("length", 1, 5);
    return mapped((text, add) => {
      const characters = [...text];
      for (let i = 0; i < characters.length; i += length) add(characters.slice(i, i + length).join(""));
    });
  },
  ByteLevel(part, reading) {
    const addsSpace = part.flag("add_prefix_space");
    const splits = part.flag("use_regex", true);
    part.flag("trim_offsets");
    reading.isChanged = true;
    return mapped((text, add) => {
      const spaced = addsSpace && !text.startsWith(" ") ? ` ${text}` : text;
      for (let at = 0; at < spaced.length; ) {
        const end = splits ? pieceEnd(spaced, at, spaced.length) : spaced.length;
        add(bytesAsCharacters(spaced.slice(at, end)));
        at = end;
      }
    });
  },
  Metaspace: metaspace,
};

function metaspace(part: Part, reading: Reading): PreTokenizer {
  const mark = character(part, "replacement");
  const scheme = part.oneOf("prepend_scheme", ["always", "first", "never"], "always");
  const splits = part.flag("split", true);
  if (!part.flag("add_prefix_space", true) && scheme !== "never")
    refuse(part.where, `(Metaspace) has add_prefix_space false and the prepend_scheme ${scheme}`);
  part.text("str_rep", mark); // Of older versions, which Python reads over.
  // Which piece is the first is a question of places, which are not kept here.
  if (scheme === "first" && (reading.isChanged || !(reading.isPlaced || reading.isWhole)))
    refuse(part.where, "(Metaspace) has the prepend_scheme first after parts that change offsets");
  reading.isChanged = true;
  const split = splitter(occurrences(mark), "MergedWithNext");
  return (pieces) => {
    const marked = pieces.map(({ text, isFirst }) => {
      const spaced = text.replaceAll(" ", mark);
      const isWanted = scheme === "always" || (scheme === "first" && isFirst);
      return { text: isWanted && !spaced.startsWith(mark) ? mark + spaced : spaced, isFirst };
    });
    return splits ? split(marked) : marked;
  };
}

function splitter(find: Finder, behavior: Behavior): PreTokenizer {
  return (pieces) => {
    const cut: Piece[] = [];
    for (const { text, isFirst } of pieces)
      for (const { from, to } of arranged(find(text), behavior))
        if (to > from) cut.push({ text: text.slice(from, to), isFirst: isFirst && from === 0 });
    return cut;
  };
}

/** Pre-tokenizers that make new pieces. */
function mapped(cut: (text: string, add: (piece: string) => void) => void): PreTokenizer {
  return (pieces) => {
    const made: Piece[] = [];
    for (const { text, isFirst } of pieces) {
      let isBegin = isFirst;
      cut(text, (piece) => {
        if (piece !== "") made.push({ text: piece, isFirst: isBegin });
        isBegin = false;
      });
    }
    return made;
  };
}

/** What a behaviour makes of what was found and what stands between. */
function arranged(stretches: Stretch[], behavior: Behavior): { from: number; to: number }[] {
  if (behavior === "Isolated") return stretches;
  if (behavior === "Removed") return stretches.filter(({ isFound }) => !isFound);
  const isBackwards = behavior === "MergedWithNext";
  const kept: { from: number; to: number }[] = [];
  let wasFound = false;
  for (const { from, to, isFound } of isBackwards ? stretches.toReversed() : stretches) {
    const joins = behavior === "Contiguous" ? isFound === wasFound : isFound && !wasFound;
    const last = kept.at(-1);
    if (!joins || !last) kept.push({ from, to });
    else if (isBackwards) last.from = from;
    else last.to = to;
    wasFound = isFound;
  }
  return isBackwards ? kept.reverse() : kept;
}

function inverted(stretches: Stretch[]): Stretch[] {
  return stretches.map(({ from, to, isFound }) => ({ from, to, isFound: !isFound }));
}

const white = finder(new RegExp(whiteSpace, "gu"));
const digits = finder(new RegExp(`[${numerals}]`, "gu"));
const occurrences = (text: string) => finder(new RegExp(literally(text), "gu"));

let marks: Finder | undefined;

/** Every character that Bert takes for punctuation: those that stand alone, less the ideographs. */
function punctuation(): Finder {
  if (marks === undefined) {
    const classes = characterClasses();
    let members = "";
    for (let code = 0; code < classes.length; code++)
      if (classes[code] === isolated && !ideographs.test(String.fromCodePoint(code)))
        members += `\\u{${code.toString(16)}}`;
    marks = finder(new RegExp(`[${members}]`, "gu"));
  }
  return marks;
}

const ideographs = /\p{Unified_Ideograph}|[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{2fa1f}]/u;

function character(part: Part, name: string): string {
  const text = part.text(name);
  return [...text].length === 1 ? text : refuse(part.where, `(${part.type}) has the ${name} ${JSON.stringify(text)}`);
}
