// Checks that bytes which come in chunks are UTF-8.
import { isUtf8 } from "node:buffer";

/** The line of the first byte that is no UTF-8, or 0. `rest` is what the chunk before left unfinished. */
export function brokenLine(rest: Buffer, chunk: Buffer, line: number): number {
  const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
  const whole = bytes.subarray(0, bytes.length - unfinished(bytes));
  if (isUtf8(whole)) return 0;
  let at = line;
  let start = 0;
  for (;;) {
    const end = whole.indexOf(0x0a, start);
    if (end < 0 || !isUtf8(whole.subarray(start, end))) return at;
    at++;
    start = end + 1;
  }
}

/** The bytes at the end that the next chunk has to finish. */
export function unfinishedTail(rest: Buffer, chunk: Buffer): Buffer<ArrayBuffer> {
  const bytes = rest.length > 0 ? Buffer.concat([rest, chunk.subarray(-4)]) : chunk;
  return Buffer.from(bytes.subarray(bytes.length - unfinished(bytes)));
}

/** Bytes at the end that begin a character of UTF-8 and do not finish it. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back];
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}
