// GPT-2's splitting of a text before byte pairs are merged, as a scanner that makes no strings. Knows no vocabulary.
// It equals the pattern 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
// (Radford et al. 2019, "Language models are unsupervised multitask learners").
import { spaceClass, splitClasses } from "./split-classes.js";

/**
 * The end of the piece that begins at `from`, in UTF-16 units; the text ends at `to`.
 *
 * @example
 * pieceEnd("a film's end", 1, 12); // 6: " film"
 */
export function pieceEnd(text: string, from: number, to: number): number {
  const classes = splitClasses();
  const first = text.charCodeAt(from);
  if (first === 0x27) {
    const length = contraction(text, from + 1, to);
    if (length > 0) return from + 1 + length;
  }
  if (first === 0x20 && from + 1 < to) {
    const kind = classAt(classes, text, from + 1, to);
    if (kind !== spaceClass) return runEnd(classes, text, from + 1, to, kind);
  }
  const kind = classAt(classes, text, from, to);
  return kind === spaceClass ? spacesEnd(classes, text, from, to) : runEnd(classes, text, from, to, kind);
}

/** Units after the apostrophe that belong to it, or 0. */
function contraction(text: string, at: number, to: number): number {
  if (at >= to) return 0;
  const unit = text.charCodeAt(at);
  if (unit === 0x73 || unit === 0x74 || unit === 0x6d || unit === 0x64) return 1; // s t m d
  if (at + 1 >= to) return 0;
  const next = text.charCodeAt(at + 1);
  if ((unit === 0x72 || unit === 0x76) && next === 0x65) return 2; // re ve
  return unit === 0x6c && next === 0x6c ? 2 : 0; // ll
}

function runEnd(classes: Uint8Array, text: string, from: number, to: number, kind: number): number {
  let at = from;
  while (at < to) {
    const unit = text.charCodeAt(at);
    if ((unit & 0xfc00) !== 0xd800) {
      if (classes[unit] !== kind) return at;
      at++;
    } else {
      if (classAt(classes, text, at, to) !== kind) return at;
      at += isPair(text, at, to) ? 2 : 1;
    }
  }
  return at;
}

/** White space up to a word leaves its last character to the word; all white space is of one unit. */
function spacesEnd(classes: Uint8Array, text: string, from: number, to: number): number {
  let at = from + 1;
  while (at < to && classes[text.charCodeAt(at)] === spaceClass) at++;
  return at < to && at - from > 1 ? at - 1 : at;
}

function classAt(classes: Uint8Array, text: string, at: number, to: number): number {
  return classes[isPair(text, at, to) ? text.codePointAt(at)! : text.charCodeAt(at)];
}

function isPair(text: string, at: number, to: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xd800 && at + 1 < to && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
}
