// Axes in another order.
import { apply, type Op, type Tensor } from "../tensor.js";

export const transposeOp: Op<readonly number[]> = {
  name: "transpose",
  infer: ([x], order) => {
    if (order.length !== x.shape.length || [...order].sort((a, b) => a - b).some((axis, i) => axis !== i))
      throw new Error(`transpose: (${order}) is not a permutation of the ${x.shape.length} axes`);
    return [{ shape: order.map((axis) => x.shape[axis]), dtype: x.dtype }];
  },
  emit: (emitter, inputs, outputs, { attributes }) =>
    emitter.addNamed("Transpose", inputs, outputs, { perm: { ints: attributes } }),
  gradient: ({ attributes }, [dy]) => [dy && transpose(dy, inverse(attributes))],
};

/** order[i] is the axis of x that becomes axis i. Two in a row become one, or none. */
export function transpose(x: Tensor, order: readonly number[]): Tensor {
  if (x.node.op === transposeOp) {
    const before = x.node.attributes as readonly number[];
    return transpose(
      x.node.inputs[0],
      order.map((axis) => before[axis]),
    );
  }
  return order.every((axis, i) => axis === i) ? x : apply(transposeOp, [x], order)[0];
}

function inverse(order: readonly number[]): number[] {
  const result = new Array<number>(order.length);
  order.forEach((axis, i) => {
    result[axis] = i;
  });
  return result;
}
