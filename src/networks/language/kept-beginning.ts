// What many texts begin with, read once: its keys and values stand before what follows in each of them.
import { type CacheShape, emptyCache, type KeyValueCache, repeatBeginning } from "./key-value-cache.js";

export interface Beginning {
  ids: readonly number[];
  /** Of one row, which holds them. */
  cache: KeyValueCache;
}

/**
 * A row for each text, which holds what all of them have in common with `beginning`, and the rest of each. At least its last token is left: what
 * follows it is wanted.
 */
export function behindBeginning(
  { ids, cache }: Beginning,
  shape: CacheShape,
  texts: readonly (readonly number[])[],
): { cache: KeyValueCache; rest: readonly (readonly number[])[] } {
  const common = Math.min(...texts.map((text) => Math.min(text.length - 1, commonLength(ids, text))));
  if (common <= 0 || texts.length === 0) return { cache: emptyCache(shape, texts.length), rest: texts };
  return {
    cache: repeatBeginning(cache, shape, common, texts.length),
    rest: texts.map((text) => text.slice(common)),
  };
}

/** Elements that both begin with. */
export function commonLength(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}
