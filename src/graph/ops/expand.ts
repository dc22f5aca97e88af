// Stretches sizes of 1 to a larger shape.
import { fixedShape, sameShape } from "../shapes.js";
import { apply, type Op, type Shape, type Tensor } from "../tensor.js";
import { sumTo } from "./sum-to.js";

export const expandOp: Op<Shape> = {
  name: "expand",
  infer: ([x], shape) => [{ shape, dtype: x.dtype }],
  emit: (emitter, [x], outputs, { attributes }) =>
    emitter.addNamed("Expand", [x, emitter.ints(fixedShape(attributes, "expand"))], outputs),
  gradient: ({ inputs: [x] }, [dy]) => [dy && sumTo(dy, x.shape)],
};

export function expand(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : apply(expandOp, [x], shape)[0];
}
