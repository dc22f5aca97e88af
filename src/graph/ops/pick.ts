// One element of the last axis for each place: x[…, ids[…]].
import { expectShape, expectType, fixed } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";
import { mul } from "./mul.js";
import { oneHot } from "./one-hot.js";
import { reshape } from "./reshape.js";

export const pickOp: Op<null> = {
  name: "pick",
  infer([x, ids]) {
    expectShape(ids, x.shape.slice(0, -1), "pick: ids");
    expectType(ids, ["int32", "int64"], "pick: ids");
    return [{ shape: ids.shape, dtype: x.dtype }];
  },
  emit(emitter, [x, ids], [output], { inputs: [{ shape }] }) {
    const places = emitter.add("Unsqueeze", [ids, emitter.ints([-1])]);
    const chosen = emitter.add("GatherElements", [x, places], { axis: { int: shape.length - 1 } });
    emitter.addNamed("Squeeze", [chosen, emitter.ints([-1])], [output]);
  },
  gradient({ inputs: [x, ids] }, [dy]) {
    if (!dy) return [];
    return [mul(oneHot(ids, fixed(x.shape.at(-1) ?? 1, "pick")), reshape(dy, [...dy.shape, 1]))];
  },
};

/** x (…, n) and ids (…), each in [0, n), give (…). */
export function pick(x: Tensor, ids: Tensor): Tensor {
  return apply(pickOp, [x, ids], null)[0];
}
