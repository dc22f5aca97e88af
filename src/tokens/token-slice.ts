// A stretch of a token source, as a source of its own.
import type { TokenSource } from "./token-file.js";

export function tokenSlice(source: TokenSource, from: number, to: number): TokenSource {
  return { length: to - from, read: (start, count) => source.read(from + start, count) };
}
