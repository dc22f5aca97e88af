// Chooses a where the condition holds, else b; broadcast.
import { broadcastShapes } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";
import { scalar } from "./constant.js";
import { sumTo } from "./sum-to.js";

export const whereOp: Op<null> = {
  name: "where",
  infer: ([condition, a, b]) => [
    { shape: broadcastShapes(condition.shape, broadcastShapes(a.shape, b.shape)), dtype: a.dtype },
  ],
  emit: (emitter, inputs, outputs) => emitter.addNamed("Where", inputs, outputs),
  gradient({ inputs: [condition, a, b] }, [dy]) {
    if (!dy) return [];
    const zero = scalar(0, dy.dtype);
    return [undefined, sumTo(where(condition, dy, zero), a.shape), sumTo(where(condition, zero, dy), b.shape)];
  },
};

/** condition (bool) ? a : b, element by element. */
export function where(condition: Tensor, a: Tensor, b: Tensor): Tensor {
  return apply(whereOp, [condition, a, b], null)[0];
}
