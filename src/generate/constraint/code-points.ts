// Sets of characters as sorted ranges of code points, and their bytes in UTF-8. Knows no patterns.

/** Inclusive; sorted, apart from each other. Surrogates are no characters and never in a set. */
export type CodePoints = readonly (readonly [from: number, to: number])[];

/** Bytes as inclusive ranges, one a place: every string of bytes that takes one of each. */
export type ByteRanges = readonly (readonly [from: number, to: number])[];

const last = 0x10ffff;
const [firstSurrogate, lastSurrogate] = [0xd800, 0xdfff];

/** Sorts, joins, and leaves surrogates out. */
export function codePoints(ranges: readonly (readonly [number, number])[]): CodePoints {
  const whole = ranges
    .flatMap(([from, to]): [number, number][] => [
      [from, Math.min(to, firstSurrogate - 1)],
      [Math.max(from, lastSurrogate + 1), to],
    ])
    .filter(([from, to]) => from <= to)
    .sort(([a], [b]) => a - b);
  const joined: [number, number][] = [];
  for (const [from, to] of whole) {
    const before = joined.at(-1);
    if (before && from <= before[1] + 1) before[1] = Math.max(before[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

export function complement(set: CodePoints): CodePoints {
  const gaps: [number, number][] = [];
  let next = 0;
  for (const [from, to] of set) {
    gaps.push([next, from - 1]);
    next = to + 1;
  }
  gaps.push([next, last]);
  return codePoints(gaps);
}

export function without(set: CodePoints, taken: CodePoints): CodePoints {
  return complement(codePoints([...complement(set), ...taken]));
}

export function hasCodePoint(set: CodePoints, point: number): boolean {
  return set.some(([from, to]) => from <= point && point <= to);
}

const known = new Map<string, CodePoints>();

/** All characters that a regular expression of JavaScript with the flag u, such as /\p{L}/u, matches. */
export function codePointsOf(pattern: RegExp): CodePoints {
  const found = known.get(pattern.source);
  if (found) return found;
  const ranges: [number, number][] = [];
  for (const { 0: run, index } of allCharacters().matchAll(new RegExp(`(?:${pattern.source})+`, "gu"))) {
    const [from, to] = [pointAt(index), pointAt(index + run.length - 1)];
    const isSplit = from < firstSurrogate && to > lastSurrogate;
    if (isSplit) ranges.push([from, firstSurrogate - 1], [lastSurrogate + 1, to]);
    else ranges.push([from, to]);
  }
  known.set(pattern.source, ranges);
  return ranges;
}

let characters: string | undefined;

/** Every character there is, in order. */
function allCharacters(): string {
  if (characters === undefined) {
    characters = "";
    for (let from = 0; from <= last; from += 0x800)
      if (from !== firstSurrogate)
        characters += String.fromCodePoint(...Array.from({ length: 0x800 }, (_, i) => from + i));
  }
  return characters;
}

/** The character that has this unit of them. */
function pointAt(unit: number): number {
  if (unit < firstSurrogate) return unit;
  if (unit < plane - surrogates) return unit + surrogates;
  return plane + ((unit - (plane - surrogates)) >> 1);
}

const plane = 0x10000;
const surrogates = lastSurrogate + 1 - firstSurrogate;

/** The set's UTF-8 (RFC 3629): ranges are cut where the length changes, and where a later byte would not run through. */
export function utf8Ranges(set: CodePoints): ByteRanges[] {
  return set.flatMap(([from, to]) => rangesBetween(from, to));
}

function rangesBetween(from: number, to: number): ByteRanges[] {
  for (const longest of [0x7f, 0x7ff, 0xffff])
    if (from <= longest && to > longest) return [...rangesBetween(from, longest), ...rangesBetween(longest + 1, to)];
  // A continuation byte holds six bits: a range whose low bits do not run from all zeros to all ones is cut.
  for (let bits = 6; bits <= 18; bits += 6) {
    const low = 2 ** bits - 1;
    if ((from & ~low) === (to & ~low)) continue;
    if ((from & low) !== 0) return [...rangesBetween(from, from | low), ...rangesBetween((from | low) + 1, to)];
    if ((to & low) !== low) return [...rangesBetween(from, (to & ~low) - 1), ...rangesBetween(to & ~low, to)];
  }
  const [first, final] = [encoded(from), encoded(to)];
  return [Array.from(first, (byte, i) => [byte, final[i]] as const)];
}

function encoded(point: number): Uint8Array {
  return new TextEncoder().encode(String.fromCodePoint(point));
}
