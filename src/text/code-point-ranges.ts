// Sets of code points, written as ranges.

/**
 * Inclusive ranges from their hexadecimal spelling.
 *
 * @example
 * parseRanges("9-d 20"); // [[9, 13], [32, 32]]
 */
export function parseRanges(text: string): [number, number][] {
  return text
    .trim()
    .split(/\s+/)
    .map((range) => {
      const [from, to = from] = range.split("-").map((hex) => Number.parseInt(hex, 16));
      return [from, to];
    });
}
