// Reads a file's first part number by number, through a window over it. Whatever a length promises is compared with the bytes
// that are left.
import { readSync } from "node:fs";

export interface FileCursor {
  /** Bytes that were read. */
  at(): number;
  uint8(): number;
  uint16(): number;
  uint32(): number;
  uint64(): bigint;
  float32(): number;
  float64(): number;
  /** UTF-8 behind its length in bytes. */
  string(what: string): string;
  /** A number of things, each of so many bytes at least. */
  count(bytes: number, what: string): number;
}

const windowBytes = 1 << 20;
/** Vocabularies of a million tokens take less. */
const longestHead = 256 << 20;

export function fileCursor(file: number, size: number, damaged: (what: string) => Error): FileCursor {
  const end = Math.min(size, longestHead);
  let window = Buffer.alloc(0);
  /** Where the window begins, and the place in it. */
  let [start, place] = [0, 0];
  const left = () => end - start - place;

  function take(bytes: number): number {
    if (bytes > left()) throw damaged(`it ends within its settings, at byte ${end}`);
    if (place + bytes > window.length) {
      start += place;
      place = 0;
      window = Buffer.from(readPart(file, start, Math.min(Math.max(bytes, windowBytes), end - start), damaged));
    }
    const from = place;
    place += bytes;
    return from;
  }
  const number = (bytes: number, read: (window: Buffer, from: number) => number) => () => {
    const from = take(bytes);
    return read(window, from);
  };
  function uint64(): bigint {
    const from = take(8);
    return window.readBigUInt64LE(from);
  }
  function count(bytes: number, what: string): number {
    const read = uint64();
    if (read > BigInt(Math.floor(left() / bytes)))
      throw damaged(`it should hold ${read} ${what}, but is too short for them`);
    return Number(read);
  }
  return {
    at: () => start + place,
    uint8: number(1, (b, from) => b[from]),
    uint16: number(2, (b, from) => b.readUInt16LE(from)),
    uint32: number(4, (b, from) => b.readUInt32LE(from)),
    uint64,
    float32: number(4, (b, from) => b.readFloatLE(from)),
    float64: number(8, (b, from) => b.readDoubleLE(from)),
    string(what) {
      const length = count(1, `bytes in ${what}`);
      const from = take(length);
      return window.toString("utf8", from, from + length);
    },
    count,
  };
}

/** One call of the system moves at most this many bytes. */
const chunk = 64 << 20;

export function readPart(file: number, position: number, length: number, damaged: (what: string) => Error): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const read = readSync(file, bytes, done, Math.min(chunk, length - done), position + done);
    if (read === 0) throw damaged("it became shorter while it was read");
    done += read;
  }
  return bytes;
}
