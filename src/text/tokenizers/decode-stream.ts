// Text from bytes that come token by token.
import type { DecodeStream } from "./tokenizer.js";

/** @param bytesOf - what an id adds to the text, in UTF-8. */
export function utf8DecodeStream(bytesOf: (id: number) => Uint8Array): DecodeStream {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return {
    push: (id) => decoder.decode(bytesOf(id), { stream: true }),
    end: () => decoder.decode(),
  };
}
