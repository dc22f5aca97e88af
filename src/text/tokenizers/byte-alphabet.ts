// Bytes as visible characters, as GPT-2 writes them in its vocabulary: the 188 printable ones of Latin-1 stand for
// themselves, the others, in order, for U+0100 and on; so a space is "Ġ". Source: GPT-2's `bytes_to_unicode`.

/** The character of each byte. */
export const byteCharacters: readonly string[] = makeAlphabet();

const bytesOf = new Map(byteCharacters.map((character, byte) => [character, byte]));

/**
 * The bytes that a token stands for; undefined when it holds a character that stands for none.
 *
 * @example
 * tokenBytesOf("Ġa"); // Uint8Array [0x20, 0x61]
 */
export function tokenBytesOf(token: string): Uint8Array | undefined {
  const bytes = new Uint8Array(token.length);
  for (let i = 0; i < token.length; i++) {
    const byte = bytesOf.get(token[i]);
    if (byte === undefined) return undefined;
    bytes[i] = byte;
  }
  return bytes;
}

function makeAlphabet(): string[] {
  const isPrintable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++));
}
