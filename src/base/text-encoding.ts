// Encodings of text that are not UTF-8 and can be told by the first bytes: UTF-16 and UTF-32, with and without their mark.

export interface WideEncoding {
  /** For people. */
  name: string;
  /** For iconv; with a mark it finds the order of bytes itself. */
  iconv: string;
}

const marks: readonly (readonly [bytes: readonly number[], name: string, iconv: string])[] = [
  [[0xff, 0xfe, 0, 0], "UTF-32 (little-endian)", "utf-32"],
  [[0, 0, 0xfe, 0xff], "UTF-32 (big-endian)", "utf-32"],
  [[0xff, 0xfe], "UTF-16 (little-endian)", "utf-16"],
  [[0xfe, 0xff], "UTF-16 (big-endian)", "utf-16"],
];

/**
 * Undefined for everything else. Without a mark the zero bytes tell: of ASCII signs (delimiters, quotes, line ends are
 * some in every language) UTF-16 writes one zero each and UTF-32 three, always on the same side.
 *
 * @param head - the first bytes of a file, some hundreds or more where it has them
 */
export function encodingOf(head: Uint8Array): WideEncoding | undefined {
  const marked = marks.find(([bytes]) => bytes.every((byte, i) => head[i] === byte));
  if (marked) return { name: marked[1], iconv: marked[2] };
  const units = Math.floor(head.length / 4);
  if (units === 0) return undefined;
  const zeros = [0, 0, 0, 0];
  for (let i = 0; i < 4 * units; i++) if (head[i] === 0) zeros[i % 4]++;
  const share = zeros.map((count) => count / units);
  // Code points end at 10FFFF: the highest byte of UTF-32 is always zero, the next one nearly always.
  if (share[3] === 1 && share[2] > 0.8 && share[0] < 0.05) return { name: "UTF-32 (little-endian)", iconv: "utf-32le" };
  if (share[0] === 1 && share[1] > 0.8 && share[3] < 0.05) return { name: "UTF-32 (big-endian)", iconv: "utf-32be" };
  const [even, odd] = [(share[0] + share[2]) / 2, (share[1] + share[3]) / 2];
  if (odd > 0.1 && even < odd / 10) return { name: "UTF-16 (little-endian)", iconv: "utf-16le" };
  if (even > 0.1 && odd < even / 10) return { name: "UTF-16 (big-endian)", iconv: "utf-16be" };
  return undefined;
}
