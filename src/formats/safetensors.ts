// The safetensors layout: a JSON header of names, types, shapes and offsets, then the raw little-endian numbers.
// Knows nothing of files and models. Layout: https://huggingface.co/docs/safetensors (format).
import { UserError } from "../base/errors.js";
import { fromBrainFloats, fromHalves } from "./half-floats.js";

/** Row-major numbers: `data.length` is the product of `shape` (1 for a scalar, whose shape is []). */
export interface NamedArray {
  shape: readonly number[];
  data: Float32Array | Float64Array | Int32Array | Uint32Array | BigInt64Array | Uint16Array | Int8Array | Uint8Array;
}

const arrays = {
  F32: Float32Array,
  F64: Float64Array,
  I32: Int32Array,
  U32: Uint32Array,
  I64: BigInt64Array,
  U16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
};
type Dtype = keyof typeof arrays;

/** Half-size floats, read as Float32Array: what two bytes mean. */
const halves = { F16: fromHalves, BF16: fromBrainFloats };
type HalfDtype = keyof typeof halves;

/** The reference reader's own limit, in bytes. */
const longestHeader = 100_000_000;

/**
 * Writes tensors as one safetensors file, in the order of the map; the data start at a multiple of 8 bytes.
 *
 * @throws UserError when a shape does not fit its data, or a tensor is named "__metadata__".
 * @example
 * const bytes = encodeSafetensors(new Map([["bias", { shape: [2], data: new Float32Array([0.5, -1]) }]]));
 * decodeSafetensors(bytes).tensors.get("bias")!.data; // Float32Array [0.5, -1]
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, NamedArray>,
  metadata?: Record<string, string>,
): Uint8Array {
  const header = encodeHeader(tensors, metadata);
  let end = header.length;
  for (const { data } of tensors.values()) end += data.byteLength;
  const bytes = new Uint8Array(end);
  bytes.set(header);
  let offset = header.length;
  for (const { data } of tensors.values()) {
    bytes.set(bytesOf(data), offset);
    offset += data.byteLength;
  }
  return bytes;
}

/** All that stands before the numbers, the header's length included. */
export function encodeHeader(tensors: ReadonlyMap<string, NamedArray>, metadata?: Record<string, string>): Uint8Array {
  const fields: string[] = metadata === undefined ? [] : [`"__metadata__":${JSON.stringify(metadata)}`];
  let end = 0;
  // Fields are joined by hand: an object would move names such as "0" to the front.
  for (const [name, { shape, data }] of tensors) {
    if (name === "__metadata__") throw new UserError(`A tensor cannot be named "__metadata__". Rename it.`);
    if (!shape.every(isSize) || product(shape) !== data.length)
      throw new UserError(`Tensor '${name}': shape [${shape}] does not fit ${data.length} numbers. Correct the shape.`);
    const begin = end;
    end += data.byteLength;
    const entry = { dtype: dtypeOf(name, data), shape, data_offsets: [begin, end] };
    fields.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
  }
  const unpadded = new TextEncoder().encode(`{${fields.join(",")}}`);
  const headerBytes = Math.ceil(unpadded.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.fill(0x20, 8).set(unpadded, 8);
  return bytes;
}

export function bytesOf(data: NamedArray["data"]): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * Reads a safetensors file, in the order of its data. Everything the header claims is checked against the bytes; the
 * arrays returned are copies. F16 and BF16 come as Float32Array.
 *
 * @throws UserError for a damaged file and for number types other than F32, F64, F16, BF16, I32, U32, I64, U16, I8 and U8.
 * @example
 * const { tensors, metadata } = decodeSafetensors(readFileSync("weights.safetensors"));
 */
export function decodeSafetensors(bytes: Uint8Array): {
  tensors: Map<string, NamedArray>;
  metadata: Record<string, string>;
} {
  const { start, length } = headerBounds(bytes, bytes.length);
  const { entries, metadata } = decodeHeader(bytes.subarray(start, start + length), bytes.length - start - length);
  const tensors = new Map<string, NamedArray>();
  for (const { name, dtype, shape, begin, end } of entries) {
    const raw = new Uint8Array(bytes.buffer, bytes.byteOffset + start + length + begin, end - begin);
    // slice copies, into a buffer that starts at an aligned address; Buffer's own slice would not.
    const own = Uint8Array.prototype.slice.call(raw);
    tensors.set(name, { shape, data: numbersOf(dtype, own) });
  }
  return { tensors, metadata };
}

/** One tensor as the header tells it; its bytes are [begin, end) after the header. */
export interface Entry {
  name: string;
  dtype: Dtype | HalfDtype;
  shape: number[];
  begin: number;
  end: number;
}

/** Where the header stands, told by the first 8 of a file's `size` bytes. */
export function headerBounds(first: Uint8Array, size: number): { start: number; length: number } {
  if (size < 8) throw damaged(`it has ${size} bytes, fewer than the 8 of the header's length`);
  const length = new DataView(first.buffer, first.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(Math.min(longestHeader, size - 8)))
    throw damaged(`its header should be ${length} bytes long, but the file has ${size}`);
  return { start: 8, length: Number(length) };
}

/** Entries in the order of their numbers, which fill the `size` bytes after the header without gap or overlap. */
export function decodeHeader(bytes: Uint8Array, size: number): { entries: Entry[]; metadata: Record<string, string> } {
  let metadata: Record<string, string> = {};
  const entries: Entry[] = [];
  for (const [name, value] of Object.entries(parseHeader(bytes))) {
    if (name === "__metadata__") metadata = readMetadata(value);
    else entries.push({ name, ...readEntry(name, value, size) });
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let reached = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== reached)
      throw damaged(
        `tensor '${name}' starts at byte ${begin}, ${begin < reached ? "before" : "not at"} the end of the previous one (${reached})`,
      );
    reached = end;
  }
  if (reached !== size) throw damaged(`its tensors take ${reached} bytes, but ${size} follow the header`);
  return { entries, metadata };
}

/** Aligned bytes as the numbers that they hold. */
export function numbersOf(dtype: Entry["dtype"], bytes: Uint8Array): NamedArray["data"] {
  if (isHalf(dtype)) return halves[dtype](new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2));
  const array = arrays[dtype];
  return new array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length / array.BYTES_PER_ELEMENT);
}

function parseHeader(bytes: Uint8Array): object {
  if (bytes[0] !== 0x7b) throw damaged("its header does not start with '{'");
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as object;
  } catch (error) {
    throw damaged(`its header is not JSON: ${(error as Error).message}`);
  }
}

function readMetadata(value: unknown): Record<string, string> {
  if (!isRecord(value) || !Object.values(value).every((text) => typeof text === "string"))
    throw damaged("__metadata__ is not an object of strings");
  return value as Record<string, string>;
}

function readEntry(name: string, value: unknown, size: number) {
  if (!isRecord(value)) throw damaged(`tensor '${name}' is not described by an object`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (!isDtype(dtype))
    throw new UserError(
      `Tensor '${name}' has the type ${JSON.stringify(dtype)}; only ${Object.keys({ ...arrays, ...halves }).join(", ")} can be read. Convert the file.`,
    );
  if (!Array.isArray(shape) || !shape.every(isSize))
    throw damaged(`tensor '${name}' has the shape ${JSON.stringify(shape)}`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize))
    throw damaged(`tensor '${name}' has the offsets ${JSON.stringify(offsets)}`);
  const [begin, end] = offsets as [number, number];
  if (begin > end || end > size) throw damaged(`tensor '${name}' is at bytes ${begin} to ${end} of ${size}`);
  const needed = product(shape) * (isHalf(dtype) ? 2 : arrays[dtype].BYTES_PER_ELEMENT);
  if (needed !== end - begin)
    throw damaged(`tensor '${name}' of shape [${shape}] needs ${needed} bytes, but has ${end - begin}`);
  return { dtype, shape: shape as number[], begin, end };
}

function isDtype(dtype: unknown): dtype is Dtype | HalfDtype {
  return typeof dtype === "string" && (Object.hasOwn(arrays, dtype) || Object.hasOwn(halves, dtype));
}

function isHalf(dtype: Dtype | HalfDtype): dtype is HalfDtype {
  return Object.hasOwn(halves, dtype);
}

function dtypeOf(name: string, data: NamedArray["data"]): Dtype {
  for (const dtype of Object.keys(arrays) as Dtype[]) if (data instanceof arrays[dtype]) return dtype;
  throw new UserError(
    `Tensor '${name}' has a type that cannot be written. Use one of ${Object.keys(arrays).join(", ")}.`,
  );
}

function damaged(what: string): UserError {
  return new UserError(`This safetensors file is damaged: ${what}. Download or save it again.`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function product(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
