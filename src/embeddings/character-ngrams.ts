// The character n-grams of a word, as numbers of buckets. Knows no vectors.
// Source: Bojanowski, Grave, Joulin, Mikolov 2017, arXiv:1607.04606: the word stands between < and >.

/**
 * Buckets of all n-grams of minLength to maxLength characters of "<word>", the whole "<word>" left out. FNV-1a over the
 * UTF-8 bytes, as fastText has it (its sign extension of bytes above 127 included).
 *
 * @example
 * ngramBuckets("as", { minLength: 3, maxLength: 6, buckets: 1000 }); // of "<as" and "as>"
 */
export function ngramBuckets(
  word: string,
  { minLength, maxLength, buckets }: { minLength: number; maxLength: number; buckets: number },
): number[] {
  const found: number[] = [];
  const characters = [..."<", ...word, ">"].map((character) => encoder.encode(character));
  for (let from = 0; from < characters.length; from++) {
    let hash = 0x811c9dc5;
    for (let length = 1; length <= maxLength && from + length <= characters.length; length++) {
      for (const byte of characters[from + length - 1]) hash = Math.imul(hash ^ ((byte << 24) >> 24), 0x01000193);
      if (length >= minLength && length < characters.length) found.push((hash >>> 0) % buckets);
    }
  }
  return found;
}

const encoder = new TextEncoder();
