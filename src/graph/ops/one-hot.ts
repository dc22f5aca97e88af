// 1 at each id, 0 elsewhere.
import { expectType } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";

export const oneHotOp: Op<{ depth: number }> = {
  name: "oneHot",
  infer([ids], { depth }) {
    expectType(ids, ["int32", "int64"], "oneHot: ids");
    return [{ shape: [...ids.shape, depth], dtype: "float32" }];
  },
  emit(emitter, [ids], outputs, { inputs: [{ dtype }], attributes: { depth } }) {
    // ONNX Runtime has no kernel for int32 ids.
    const long = dtype === "int64" ? ids : emitter.add("Cast", [ids], { to: { int: 7 } });
    const values = emitter.constant({ type: "float32", shape: [2], data: Float32Array.of(0, 1) });
    emitter.addNamed("OneHot", [long, emitter.ints([depth]), values], outputs, { axis: { int: -1 } });
  },
};

/** ids of any shape give (…ids, depth) in float32. */
export function oneHot(ids: Tensor, depth: number): Tensor {
  return apply(oneHotOp, [ids], { depth })[0];
}
