// SentencePiece's compiled table of replacements, `precompiled_charsmap`. Layout: the length of a double-array trie in bytes
// (uint32), the trie (uint32 units: label in bits 0–7, bit 8 has-leaf, bit 9 widens the offset, offset from bit 10), and the
// replacements in UTF-8, each ended by a zero. Source: the makers' crate spm_precompiled, whose ways with graphemes these are.
import { refuse } from "./part.js";

/** Of one character: in the makers' tables it is 33. */
const longestReplacement = 1000;
/** Then what is remembered of characters is forgotten. */
const mostKnown = 1 << 16;

/** @param base64 - the table as it stands in the file. */
export function charsmapNormalizer(base64: string, where: string): (text: string) => string {
  const bytes = Buffer.from(base64, "base64");
  const size = bytes.length >= 4 ? bytes.readUInt32LE(0) >> 2 : 0;
  if (size === 0 || 4 + 4 * size > bytes.length) refuse(where, "has a precompiled_charsmap that is damaged");
  const units = Uint32Array.from({ length: size }, (_, i) => bytes.readUInt32LE(4 + 4 * i));
  const replacements = bytes.subarray(4 + 4 * size);
  const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
  const known = new Map<string, string | undefined>();

  /** The replacement of the shortest beginning that has one; it takes the place of the whole. */
  function replacementOf(part: string): string | undefined {
    if (known.has(part)) return known.get(part);
    if (known.size === mostKnown) known.clear();
    const at = firstValue(units, Buffer.from(part));
    const end = at === undefined ? -1 : replacements.indexOf(0, at);
    if (at !== undefined && (end < 0 ? replacements.length : end) - at > longestReplacement)
      refuse(where, `has a precompiled_charsmap with a replacement of more than ${longestReplacement} bytes`);
    const found = at === undefined ? undefined : replacements.toString("utf8", at, end < 0 ? undefined : end);
    known.set(part, found);
    return found;
  }
  const ofCharacters = (part: string) => {
    let text = "";
    for (const character of part) text += replacementOf(character) ?? character;
    return text;
  };
  return (text) => {
    let normalized = "";
    for (const { segment } of segmenter.segment(text))
      normalized += (Buffer.byteLength(segment) < 6 ? replacementOf(segment) : undefined) ?? ofCharacters(segment);
    return normalized;
  };
}

function firstValue(units: Uint32Array, key: Uint8Array): number | undefined {
  const offsetOf = (unit: number) => (unit >>> 10) << ((unit & 0x200) >>> 6);
  let at = offsetOf(units[0]);
  for (const byte of key) {
    if (byte === 0) return undefined;
    at ^= byte;
    const unit = units[at];
    // A leaf has its top bit set, so that it is no label.
    if (unit === undefined || (unit & 0x800000ff) >>> 0 !== byte) return undefined;
    at ^= offsetOf(unit);
    if ((unit & 0x100) !== 0) return units[at] === undefined ? undefined : units[at] & 0x7fffffff;
  }
  return undefined;
}
