// Token ids on disk, one after the other: 2 bytes each where the vocabulary allows it, else 4, little-endian. A corpus
// larger than memory is written and read in pieces. Does not know where the ids come from.
import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { UserError } from "../base/errors.js";

/** Ids that can be read from anywhere. */
export interface TokenSource {
  readonly length: number;
  /** Ids from … from + count − 1. */
  read(from: number, count: number): Int32Array;
}

/** Bytes of one id. */
export const idBytes = (vocabSize: number) => (vocabSize <= 65536 ? 2 : 4);

export interface TokenWriter {
  readonly length: number;
  append(ids: ArrayLike<number>): void;
  close(): void;
}

const bufferSize = 1 << 18;

/**
 * @example
 * const writer = openTokenWriter("train.tokens", 16000);
 * writer.append([5, 7, 9]);
 * writer.close();
 */
export function openTokenWriter(path: string, vocabSize: number): TokenWriter {
  const file = openSync(path, "w");
  const size = idBytes(vocabSize);
  const buffer = size === 2 ? new Uint16Array(bufferSize) : new Uint32Array(bufferSize);
  let [filled, written] = [0, 0];
  function flush(): void {
    const bytes = new Uint8Array(buffer.buffer, 0, filled * size);
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    written += filled;
    filled = 0;
  }
  return {
    get length() {
      return written + filled;
    },
    append(ids) {
      for (let i = 0; i < ids.length; i++) {
        if (filled === bufferSize) flush();
        buffer[filled++] = ids[i];
      }
    },
    close() {
      try {
        flush();
      } finally {
        closeSync(file);
      }
    },
  };
}

export interface TokenFile extends TokenSource {
  close(): void;
}

/**
 * Opens what a token writer wrote.
 *
 * @throws UserError when the file's size is no whole number of ids
 */
export function openTokenFile(path: string, vocabSize: number): TokenFile {
  const file = openSync(path, "r");
  const size = idBytes(vocabSize);
  const bytes = fstatSync(file).size;
  if (bytes % size !== 0) {
    closeSync(file);
    throw new UserError(`${path} has ${bytes} bytes, not a whole number of ids: it is damaged. Start the run again.`);
  }
  return {
    length: bytes / size,
    read(from, count) {
      const raw = new Uint8Array(count * size);
      for (let done = 0; done < raw.length; ) {
        const got = readSync(file, raw, done, raw.length - done, from * size + done);
        if (got === 0) throw new Error(`${path} ends before id ${from + count}`);
        done += got;
      }
      const ids = size === 2 ? new Uint16Array(raw.buffer) : new Uint32Array(raw.buffer);
      for (const id of ids)
        if (id >= vocabSize)
          throw new UserError(
            `${path} is damaged: ${id} is not the id of any of ${vocabSize} tokens. Start the run again.`,
          );
      return Int32Array.from(ids);
    },
    close: () => closeSync(file),
  };
}

/** Ids that are in memory anyway. */
export function tokenSource(ids: Int32Array): TokenSource {
  return { length: ids.length, read: (from, count) => ids.slice(from, from + count) };
}
