// Numbers with a shape, and the way there from what a program holds. Knows no model.
import { UserError } from "../base/errors.js";
import { describe } from "../nn/index.js";

/** Numbers in row-major order; the first size is the number of rows. */
export interface TensorData {
  data: Float32Array;
  shape: number[];
}

/** Input of fit, evaluate and predict: nested lists, or a typed array with its shape. */
export type DataLike =
  | readonly number[]
  | readonly (readonly number[])[]
  | readonly (readonly (readonly number[])[])[]
  | { data: ArrayLike<number>; shape: readonly number[] };

export interface NumberRows<A extends Float32Array | Int32Array = Float32Array | Int32Array> {
  data: A;
  rows: number;
  /** Sizes of one row. */
  sizes: number[];
}

/**
 * Converts to nested arrays.
 *
 * @example
 * toNested({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] }); // [[1, 2], [3, 4]]
 */
export function toNested({ data, shape }: TensorData): number[][] {
  const width = shape.slice(1).reduce((product, size) => product * size, 1);
  return Array.from({ length: shape[0] }, (_, row) => [...data.subarray(row * width, (row + 1) * width)]);
}

/**
 * Reads rows as float32, or as int32 where every number must be whole. `padTo` says that rows of numbers may have
 * different lengths and are filled up with zeros.
 */
export function readRows(
  value: DataLike,
  what: string,
  dtype: "float32" | "int32",
  options: { pad?: boolean } = {},
): NumberRows {
  if (typeof value !== "object" || value === null)
    throw new UserError(`${what} is a list of rows or { data, shape }, got ${describe(value)}.`);
  if ("shape" in value) return readTyped(value, what, dtype);
  if (ArrayBuffer.isView(value))
    return readTyped({ data: value as unknown as Float32Array, shape: [value.length] }, what, dtype);
  if (!Array.isArray(value))
    throw new UserError(`${what} is a list of rows or { data, shape }, got ${describe(value)}.`);
  const sizes = sizesOf(value, options.pad ?? false);
  const width = sizes.reduce((product, size) => product * size, 1);
  const data = newArray(dtype, value.length * width);
  for (let row = 0; row < value.length; row++) fill(data, row * width, value[row], sizes, 0, what, row, dtype, options);
  return { data, rows: value.length, sizes };
}

function readTyped(
  { data, shape }: { data: ArrayLike<number>; shape: readonly number[] },
  what: string,
  dtype: "float32" | "int32",
): NumberRows {
  const count = shape.reduce((product, size) => product * size, 1);
  if (count !== data.length)
    throw new UserError(
      `${what} has shape (${shape.join(", ")}), which is ${count} numbers, but ${data.length} are given.`,
    );
  const [rows, ...sizes] = shape;
  if (dtype === "float32") return { data: data instanceof Float32Array ? data : Float32Array.from(data), rows, sizes };
  if (data instanceof Int32Array) return { data, rows, sizes };
  const width = Math.max(
    1,
    sizes.reduce((product, size) => product * size, 1),
  );
  const whole = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    whole[i] = data[i];
    if (whole[i] !== data[i]) throw notWhole(what, Math.floor(i / width), data[i]);
  }
  return { data: whole, rows, sizes };
}

/** Sizes of a row, from the first row, or of the longest where rows are padded. */
function sizesOf(rows: readonly unknown[], pad: boolean): number[] {
  const sizes: number[] = [];
  for (let level: unknown = rows[0]; isList(level); level = level[0]) sizes.push(level.length);
  if (pad && sizes.length > 0) for (const row of rows) if (isList(row)) sizes[0] = Math.max(sizes[0], row.length);
  return sizes;
}

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);

function fill(
  target: Float32Array | Int32Array,
  at: number,
  value: unknown,
  sizes: readonly number[],
  depth: number,
  what: string,
  row: number,
  dtype: "float32" | "int32",
  options: { pad?: boolean },
): void {
  if (depth === sizes.length) {
    if (typeof value !== "number" || Number.isNaN(value))
      throw new UserError(`row ${row} of ${what} contains ${describe(value)}, but a number is needed.`);
    target[at] = value;
    if (dtype === "int32" && target[at] !== value) throw notWhole(what, row, value);
    return;
  }
  const isPadded = depth === 0 && options.pad;
  if (!isList(value) || (value.length !== sizes[depth] && !isPadded)) {
    const got = isList(value) ? `${value.length} numbers` : describe(value);
    throw new UserError(
      `row ${row} of ${what} has ${got}, but the first row has ${sizes[depth]}; pad all rows to the same length.`,
    );
  }
  const width = sizes.slice(depth + 1).reduce((product, size) => product * size, 1);
  for (let i = 0; i < value.length; i++)
    fill(target, at + i * width, value[i], sizes, depth + 1, what, row, dtype, options);
}

function notWhole(what: string, row: number, value: number): UserError {
  return new UserError(`row ${row} of ${what} contains ${value}, but whole numbers are needed.`);
}

const newArray = (dtype: "float32" | "int32", length: number) =>
  dtype === "float32" ? new Float32Array(length) : new Int32Array(length);
