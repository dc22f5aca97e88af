// Checks of what a layer is given. The messages are about one layer; who called it adds the layer's name.
import { UserError } from "../base/errors.js";
import { type Shape, showShape } from "../graph/index.js";

export function expectInputs(inputs: readonly Shape[], count: number, what: string): void {
  if (inputs.length !== count) throw new UserError(`takes ${what}, got ${inputs.length} inputs`);
}

/** A sequence (batch, length, width); gives the width. */
export function sequenceWidth(inputs: readonly Shape[]): number {
  expectInputs(inputs, 1, "one input");
  const [shape] = inputs;
  if (shape.length !== 3 || typeof shape[2] !== "number")
    throw new UserError(`takes a sequence of vectors (batch, length, width), got shape ${showShape(shape)}`);
  return shape[2];
}

/** Size of the last axis. */
export function lastWidth(inputs: readonly Shape[]): number {
  expectInputs(inputs, 1, "one input");
  const width = inputs[0].at(-1);
  if (inputs[0].length < 2 || typeof width !== "number")
    throw new UserError(`takes vectors (batch, …, width) of a fixed width, got shape ${showShape(inputs[0])}`);
  return width;
}
