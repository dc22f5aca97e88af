// The same elements in the same order, under another shape.
import { sameShape, showShape } from "../shapes.js";
import { apply, type Dim, type Op, type Shape, type Tensor } from "../tensor.js";

export const reshapeOp: Op<Shape> = {
  name: "reshape",
  infer([x], shape) {
    // Names may move, appear once on each side and cancel; the numbers' products must be equal.
    const numbers = (dims: Shape) => dims.reduce<number>((p, dim) => (typeof dim === "number" ? p * dim : p), 1);
    const names = (dims: Shape) => dims.filter((dim) => typeof dim === "string").sort();
    if (numbers(x.shape) !== numbers(shape) || !sameShape(names(x.shape), names(shape)))
      throw new Error(`reshape: ${showShape(x.shape)} does not have as many elements as ${showShape(shape)}`);
    return [{ shape, dtype: x.dtype }];
  },
  emit(emitter, [x], outputs, { inputs, attributes }) {
    emitter.addNamed("Reshape", [x, emitter.ints(targetSizes(inputs[0].shape, attributes))], outputs);
  },
  gradient: ({ inputs: [x] }, [dy]) => [dy && reshape(dy, x.shape)],
};

export function reshape(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : apply(reshapeOp, [x], shape)[0];
}

/** ONNX's form: 0 copies the size at the same place, one −1 is worked out. */
function targetSizes(from: Shape, to: Shape): number[] {
  const sizes = to.map((dim: Dim, axis) => (typeof dim === "number" ? dim : from[axis] === dim ? 0 : -1));
  if (sizes.filter((size) => size === -1).length > 1)
    throw new Error(`reshape of ${showShape(from)} to ${showShape(to)} moves more than one named size`);
  return sizes;
}
