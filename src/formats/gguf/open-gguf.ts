// GGUF files (version 3, and 2, whose layout is the same): settings by name, and tensors, which are read one by one. Knows no
// architecture. Layout: docs/gguf.md of ggml. The file may be a stranger's: every length is checked before memory is asked for.
import { closeSync } from "node:fs";
import { UserError } from "../../base/errors.js";
import { openRegularFile } from "../../base/regular-file.js";
import type { BlockMatrix } from "../block-matrix.js";
import { firstNotFinite } from "../finite.js";
import { toBlockMatrix } from "./block-matrix.js";
import { type BlockType, blockTypes, otherTypes } from "./block-types.js";
import { type FileCursor, fileCursor, readPart } from "./file-cursor.js";

export type GgufValue = number | boolean | string | readonly number[] | readonly boolean[] | readonly string[];

export interface GgufTensor {
  /** Rows first, the other way round than in the file. */
  shape: readonly number[];
  type: BlockType;
  /** Its bytes in the file. */
  start: number;
  length: number;
}

export interface GgufFile {
  settings: ReadonlyMap<string, GgufValue>;
  tensors: ReadonlyMap<string, GgufTensor>;
  /** The numbers of a tensor; undefined where there is none of that name. */
  read(name: string): Float32Array | undefined;
  /** A matrix that is kept in few bits, as it is; undefined for others. */
  readBlocks(name: string): BlockMatrix | undefined;
  close(): void;
}

/**
 * @throws UserError for a damaged file, another version, and types of numbers that are not read
 * @example
 * const file = openGguf("smollm2-135m-instruct.gguf");
 * file.settings.get("general.architecture"); // "llama"
 */
export function openGguf(path: string): GgufFile {
  const { file, size } = openRegularFile(path);
  try {
    const cursor = fileCursor(file, size, damaged);
    const { settingCount, tensorCount } = readHead(cursor);
    const settings = readSettings(cursor, settingCount);
    const tensors = readTensors(cursor, tensorCount, settings.get("general.alignment") ?? 32, size);
    return {
      settings,
      tensors,
      read(name) {
        const tensor = tensors.get(name);
        if (!tensor) return undefined;
        const numbers = new Float32Array(elementsOf(tensor.shape));
        tensor.type.read(readPart(file, tensor.start, tensor.length, damaged), numbers);
        return numbers;
      },
      readBlocks(name) {
        const { type, shape, start, length } = tensors.get(name) ?? {};
        if (!type?.integers || shape?.length !== 2) return undefined;
        const blocks = readPart(file, start!, length!, damaged);
        const matrix = toBlockMatrix({ ...type, integers: type.integers }, blocks, shape[0], shape[1]);
        for (const data of [matrix.scales, matrix.shifts ?? new Float32Array()]) {
          const at = firstNotFinite(data);
          if (at >= 0) throw damaged(`tensor '${shown(name)}' has ${data[at]}, which is not a finite number`);
        }
        return matrix;
      },
      close: () => closeSync(file),
    };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function damaged(what: string): UserError {
  return new UserError(`This GGUF file is damaged: ${what}. Download it again.`);
}

const magic = 0x46554747; // "GGUF"

function readHead(cursor: FileCursor): { settingCount: number; tensorCount: number } {
  if (cursor.uint32() !== magic) throw new UserError("This is not a GGUF file: it does not begin with 'GGUF'.");
  const version = cursor.uint32();
  if (version !== 2 && version !== 3)
    throw new UserError(
      (version & 0xffff) === 0
        ? "This GGUF file is for computers of the other byte order. Use one for little-endian computers."
        : `This GGUF file has the version ${version}, which is not read (read: 3 and 2). Use a newer file.`,
    );
  const tensorCount = cursor.count(leastTensor, "tensors");
  return { tensorCount, settingCount: cursor.count(leastSetting, "settings") };
}

/** Bytes of the shortest: a name of one letter, and what follows it. */
const leastSetting = 8 + 1 + 4 + 1;
const leastTensor = 8 + 1 + 4 + 8 + 4 + 8;

function readSettings(cursor: FileCursor, count: number): Map<string, GgufValue> {
  const settings = new Map<string, GgufValue>();
  for (let i = 0; i < count; i++) {
    const name = cursor.string("the name of a setting");
    if (settings.has(name)) throw damaged(`it has the setting '${shown(name)}' twice`);
    settings.set(name, readValue(cursor, cursor.uint32(), name));
  }
  return settings;
}

/** By GGUF's number of the type: bytes at least, and how to read one. */
const valueTypes: ReadonlyMap<
  number,
  [bytes: number, read: (cursor: FileCursor, name: string) => string | number | boolean]
> = new Map([
  [0, [1, (cursor) => cursor.uint8()]],
  [1, [1, (cursor) => (cursor.uint8() << 24) >> 24]],
  [2, [2, (cursor) => cursor.uint16()]],
  [3, [2, (cursor) => (cursor.uint16() << 16) >> 16]],
  [4, [4, (cursor) => cursor.uint32()]],
  [5, [4, (cursor) => cursor.uint32() | 0]],
  [6, [4, (cursor) => cursor.float32()]],
  [7, [1, (cursor, name) => readFlag(cursor, name)]],
  [8, [8, (cursor, name) => cursor.string(`the setting '${shown(name)}'`)]],
  [10, [8, (cursor) => Number(cursor.uint64())]],
  [11, [8, (cursor) => Number(BigInt.asIntN(64, cursor.uint64()))]],
  [12, [8, (cursor) => cursor.float64()]],
]);
const arrayType = 9;
/** Vocabularies have a million at most. */
const mostEntries = 1 << 24;

function readValue(cursor: FileCursor, type: number, name: string): GgufValue {
  if (type !== arrayType) return typeOf(type, name)[1](cursor, name);
  const elements = cursor.uint32();
  const [bytes, read] = typeOf(elements, name);
  const count = cursor.count(bytes, `entries of '${shown(name)}'`);
  if (count > mostEntries) throw damaged(`the setting '${shown(name)}' has ${count} entries`);
  const values = new Array<string | number | boolean>(count);
  for (let i = 0; i < count; i++) values[i] = read(cursor, name);
  return values as GgufValue;
}

function typeOf(type: number, name: string) {
  const found = valueTypes.get(type);
  if (found) return found;
  throw damaged(`the setting '${shown(name)}' is of the unknown type ${type}`);
}

function readFlag(cursor: FileCursor, name: string): boolean {
  const byte = cursor.uint8();
  if (byte > 1) throw damaged(`the setting '${shown(name)}' is ${byte}, neither 0 nor 1`);
  return byte === 1;
}

function readTensors(cursor: FileCursor, count: number, alignment: GgufValue, size: number): Map<string, GgufTensor> {
  if (typeof alignment !== "number" || !Number.isInteger(Math.log2(alignment)) || alignment > 1 << 16)
    throw damaged(`its alignment is ${shown(String(alignment))}`);
  const tensors = new Map<string, GgufTensor>();
  let end = 0;
  for (let i = 0; i < count; i++) {
    const name = cursor.string("the name of a tensor");
    const what = `tensor '${shown(name)}'`;
    if (tensors.has(name)) throw damaged(`it has ${what} twice`);
    const axes = cursor.uint32();
    if (axes < 1 || axes > 4) throw damaged(`${what} has ${axes} axes`);
    const dims = Array.from({ length: axes }, () => Number(cursor.uint64()));
    const type = readType(cursor, what);
    const elements = elementsOf(dims);
    if (!dims.every((dim) => dim >= 1) || !Number.isSafeInteger(elements) || dims[0] % type.size !== 0)
      throw damaged(`${what} of the type ${type.name} has the shape [${dims}]`);
    const offset = Number(cursor.uint64());
    if (offset !== end) throw damaged(`${what} starts at byte ${offset} of the numbers, not at ${end}`);
    const length = (elements / type.size) * type.bytes;
    tensors.set(name, { shape: dims.toReversed(), type, start: offset, length });
    end = aligned(offset + length, alignment);
  }
  const numbers = aligned(cursor.at(), alignment);
  for (const [name, tensor] of tensors) {
    tensor.start += numbers;
    if (tensor.start + tensor.length > size)
      throw damaged(
        `tensor '${shown(name)}' ends at byte ${tensor.start + tensor.length}, but the file has ${size} bytes`,
      );
  }
  return tensors;
}

function readType(cursor: FileCursor, what: string): BlockType {
  const number = cursor.uint32();
  const type = blockTypes.get(number);
  if (type) return type;
  const other = otherTypes.get(number);
  if (other === undefined) throw damaged(`${what} is of the unknown type ${number}`);
  const known = [...blockTypes.values()].map(({ name }) => name).join(", ");
  throw new UserError(
    `${what} is of the type ${other}, which is not read (read: ${known}). Use a file in one of these.`,
  );
}

const aligned = (offset: number, alignment: number) => Math.ceil(offset / alignment) * alignment;
const elementsOf = (shape: readonly number[]) => shape.reduce((product, dim) => product * dim, 1);
const shown = (name: string) => name.slice(0, 80);
