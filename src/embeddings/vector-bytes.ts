// A file of vectors as a run of bytes, plain or gzipped, never whole in memory. Knows no format.
import { closeSync, createReadStream, existsSync, openSync, readSync, statSync } from "node:fs";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { UserError } from "../base/errors.js";
import { checkRegularFile } from "../base/regular-file.js";

/** Takes lines or exact numbers of bytes from the front of a file. What it returns is valid until the next call. */
export interface ByteSource {
  /** Bytes before the next `end` byte, which is dropped; undefined at the end of the file. The last may lack its end. */
  until(end: number): Promise<Uint8Array | undefined>;
  /** Exactly so many bytes; undefined when there are fewer. */
  take(bytes: number): Promise<Uint8Array | undefined>;
  close(): void;
}

/** The longest word or line that is looked for, in bytes. */
const longest = 1 << 24;

export function openBytes(path: string): ByteSource {
  const file = createReadStream(path, { highWaterMark: 1 << 20 });
  const stream = isGzip(path) ? new PassThrough({ highWaterMark: 1 << 20 }) : file;
  if (stream !== file) pipeline(file, createGunzip(), stream as PassThrough).catch(() => {});
  const parts = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let held = new Uint8Array(1 << 21);
  let from = 0;
  let to = 0;

  /** Adds one part to what is held; false at the end. */
  async function fill(): Promise<boolean> {
    let part: Buffer;
    try {
      const next = await parts.next();
      if (next.done) return false;
      part = next.value;
    } catch (error) {
      if (!(stream instanceof PassThrough)) throw error;
      throw new UserError(`${path} is damaged: its gzip data is truncated or invalid. Download it again.`, {
        cause: error,
      });
    }
    if (to + part.length > held.length) {
      const target = to - from + part.length > held.length ? new Uint8Array(2 * (to - from + part.length)) : held;
      target.set(held.subarray(from, to));
      held = target;
      to -= from;
      from = 0;
    }
    held.set(part, to);
    to += part.length;
    return true;
  }

  return {
    async until(end) {
      for (let searched = 0; ; ) {
        const found = held.subarray(0, to).indexOf(end, from + searched);
        if (found >= 0) {
          const line = held.subarray(from, found);
          from = found + 1;
          return line;
        }
        searched = to - from;
        if (searched > longest)
          throw new UserError(`${path} is not a file of word vectors: it has a line longer than 16 MiB.`);
        if (await fill()) continue;
        if (from === to) return undefined;
        const line = held.subarray(from, to);
        from = to;
        return line;
      }
    },
    async take(bytes) {
      while (to - from < bytes) if (!(await fill())) return undefined;
      const taken = held.subarray(from, from + bytes);
      from += bytes;
      return taken;
    },
    close: () => void file.destroy(),
  };
}

/** @throws UserError when there is no such file, or it is empty */
export function checkVectorFile(path: string): void {
  if (!existsSync(path))
    throw new UserError(
      `There are no vectors at '${path}'. Train some: columnist embeddings train <table> --text <column> --out ${path}`,
    );
  if (!statSync(path).isDirectory()) checkRegularFile(path, "a file of word vectors");
  if (statSync(path).size === 0) throw new UserError(`${path} is empty.`);
}

export function isGzip(path: string): boolean {
  const head = new Uint8Array(2);
  const file = openSync(path, "r");
  try {
    readSync(file, head, 0, 2, 0);
  } finally {
    closeSync(file);
  }
  return head[0] === 0x1f && head[1] === 0x8b;
}
