// The header of a GGUF file: its metadata and the names, shapes and types of its tensors; the numbers stay on disk. Knows no
// architecture. Layout: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (versions 2 and 3, little-endian).
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { UserError } from "../base/errors.js";

export type GgufValue = number | bigint | boolean | string | GgufValue[];

export interface GgufTensor {
  name: string;
  /** As the file has it: the axis that varies fastest comes first. */
  shape: number[];
  /** Number of its block type (ggml_type). */
  type: number;
  /** Bytes after the header's end. */
  offset: number;
}

export interface GgufHeader {
  version: number;
  metadata: ReadonlyMap<string, GgufValue>;
  tensors: readonly GgufTensor[];
  /** Byte of the file at which the tensors' numbers begin. */
  start: number;
}

/** Bounds that no model comes near: a damaged file must not ask for all memory. */
const mostEntries = 1 << 20;
const longestArray = 1 << 24;
const deepestArray = 4;
const mostAxes = 8;

/**
 * @throws UserError for a file that is no GGUF file, of another version, or damaged
 * @example
 * readGgufHeader("model.gguf").metadata.get("general.architecture"); // "llama"
 */
export function readGgufHeader(path: string): GgufHeader {
  const file = openSync(path, "r");
  try {
    return headerOf(new Cursor(file, fstatSync(file).size));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${path} ${error.message}`, { cause: error });
  } finally {
    closeSync(file);
  }
}

function headerOf(cursor: Cursor): GgufHeader {
  if (cursor.size < 24 || cursor.take(4).toString("latin1") !== "GGUF")
    throw new UserError("is not a GGUF file. Download it again, or specify another.");
  const version = cursor.take(4).readUInt32LE();
  if (version < 2 || version > 3)
    throw new UserError(
      `is of version ${version} of GGUF; versions 2 and 3 can be read. Convert it again with a newer llama.cpp.`,
    );
  const tensorCount = cursor.count(mostEntries, "tensors");
  const entryCount = cursor.count(mostEntries, "entries of metadata");
  const metadata = new Map<string, GgufValue>();
  for (let i = 0; i < entryCount; i++) metadata.set(cursor.text(), value(cursor, cursor.take(4).readUInt32LE()));
  const tensors = Array.from({ length: tensorCount }, () => {
    const name = cursor.text();
    const axes = cursor.take(4).readUInt32LE();
    if (axes > mostAxes) throw damaged(`tensor '${name}' has ${axes} axes`);
    const shape = Array.from({ length: axes }, () =>
      cursor.count(Number.MAX_SAFE_INTEGER, `numbers of tensor '${name}'`),
    );
    const type = cursor.take(4).readUInt32LE();
    const offset = cursor.count(cursor.size, `bytes before tensor '${name}'`);
    return { name, shape, type, offset };
  });
  const alignment = metadata.get("general.alignment") ?? 32;
  if (typeof alignment !== "number" || !(alignment >= 1)) throw damaged(`its alignment is ${alignment}`);
  return { version, metadata, tensors, start: Math.ceil(cursor.at / alignment) * alignment };
}

const [stringType, arrayType] = [8, 9];

/** By their number in the file: bytes, and how they are read. */
const scalars: Record<number, [bytes: number, read: (bytes: Buffer) => GgufValue]> = {
  0: [1, (bytes) => bytes.readUInt8()],
  1: [1, (bytes) => bytes.readInt8()],
  2: [2, (bytes) => bytes.readUInt16LE()],
  3: [2, (bytes) => bytes.readInt16LE()],
  4: [4, (bytes) => bytes.readUInt32LE()],
  5: [4, (bytes) => bytes.readInt32LE()],
  6: [4, (bytes) => bytes.readFloatLE()],
  7: [1, (bytes) => bytes.readUInt8() !== 0],
  10: [8, (bytes) => bytes.readBigUInt64LE()],
  11: [8, (bytes) => bytes.readBigInt64LE()],
  12: [8, (bytes) => bytes.readDoubleLE()],
};

function value(cursor: Cursor, type: number, depth = 0): GgufValue {
  if (type === stringType) return cursor.text();
  if (type !== arrayType) {
    if (!Object.hasOwn(scalars, type)) throw damaged(`it has a value of the unknown type ${type}`);
    const [bytes, read] = scalars[type];
    return read(cursor.take(bytes));
  }
  const inner = cursor.take(4).readUInt32LE();
  const count = cursor.count(longestArray, "values of an array");
  if (depth === deepestArray) throw damaged("its arrays are too deep");
  const values: GgufValue[] = [];
  for (let i = 0; i < count; i++) values.push(value(cursor, inner, depth + 1));
  return values;
}

/** Reads a file from its begin to its end, a window at a time. */
class Cursor {
  #window = Buffer.alloc(0);
  /** Of the window's first byte. */
  #from = 0;
  at = 0;

  constructor(
    readonly file: number,
    readonly size: number,
  ) {}

  take(bytes: number): Buffer {
    if (bytes > this.size - this.at) throw damaged(`it ends at byte ${this.size}, in the middle of its header`);
    const begin = this.at - this.#from;
    if (begin + bytes > this.#window.length) {
      const wanted = Math.min(Math.max(bytes, 1 << 20), this.size - this.at);
      this.#window = Buffer.alloc(wanted);
      this.#from = this.at;
      for (let done = 0; done < wanted; ) {
        const got = readSync(this.file, this.#window, done, wanted - done, this.at + done);
        if (got === 0) throw damaged("it became shorter while it was read");
        done += got;
      }
    }
    const start = this.at - this.#from;
    this.at += bytes;
    return this.#window.subarray(start, start + bytes);
  }

  count(most: number, what: string): number {
    const count = this.take(8).readBigUInt64LE();
    if (count > BigInt(most)) throw damaged(`it should have ${count} ${what}`);
    return Number(count);
  }

  text(): string {
    return this.take(this.count(this.size, "bytes of a name or text")).toString("utf8");
  }
}

function damaged(what: string): UserError {
  return new UserError(`is damaged: ${what}. Download it again.`);
}
