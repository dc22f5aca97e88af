// Shape arithmetic shared by the ops. Names (symbolic sizes) equal only themselves.
import type { Dim, DType, Shape, Tensor } from "./tensor.js";

export const showShape = (shape: Shape) => `(${shape.join(", ")})`;

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

/** NumPy's rule: sizes are compared from the last; 1 stretches. */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw new Error(`shapes ${showShape(a)} and ${showShape(b)} do not broadcast`);
  });
}

/** A size made larger; a named one keeps count of it: "length" and 2 give "length+2", and −2 then "length" again. */
export function shiftDim(dim: Dim, by: number): Dim {
  if (typeof dim === "number") return dim + by;
  const [, name, offset = "0"] = /^(.*?)([+-]\d+)?$/.exec(dim)!;
  const total = Number(offset) + by;
  return total === 0 ? name : `${name}${total > 0 ? "+" : ""}${total}`;
}

/** Counts a negative axis from the end. */
export function resolveAxis(axis: number, rank: number): number {
  const resolved = axis < 0 ? axis + rank : axis;
  if (resolved < 0 || resolved >= rank) throw new Error(`axis ${axis} does not exist in a tensor of rank ${rank}`);
  return resolved;
}

/** The size as a number; a symbolic size is an error. */
export function fixed(dim: Dim, what: string): number {
  if (typeof dim === "number") return dim;
  throw new Error(`${what} needs a fixed size, but this one is '${dim}'`);
}

export function fixedShape(shape: Shape, what: string): number[] {
  return shape.map((dim) => fixed(dim, what));
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Elements of a tensor of fixed size. */
export function countOf({ shape }: { shape: Shape }): number {
  return shape.reduce<number>((product, size) => product * fixed(size, "a count"), 1);
}

export function expectRank(tensor: Tensor, rank: number, what: string): void {
  if (tensor.shape.length !== rank) throw new Error(`${what} has rank ${rank}, got shape ${showShape(tensor.shape)}`);
}

export function expectShape(tensor: Tensor, shape: Shape, what: string): void {
  if (!sameShape(tensor.shape, shape))
    throw new Error(`${what} has shape ${showShape(shape)}, got ${showShape(tensor.shape)}`);
}

export function expectType(tensor: Tensor, types: readonly DType[], what: string): void {
  if (!types.includes(tensor.dtype)) throw new Error(`${what} is ${types.join(" or ")}, got ${tensor.dtype}`);
}
