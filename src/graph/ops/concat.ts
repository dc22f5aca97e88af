// Tensors one after the other along an axis.
import { fixed, resolveAxis } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";
import { slice } from "./slice.js";

export const concatOp: Op<{ axis: number }> = {
  name: "concat",
  infer(inputs, { axis }) {
    const total = inputs.reduce((sum, x) => sum + fixed(x.shape[axis], "concat"), 0);
    return [{ shape: inputs[0].shape.with(axis, total), dtype: inputs[0].dtype }];
  },
  emit: (emitter, inputs, outputs, { attributes: { axis } }) =>
    emitter.addNamed("Concat", inputs, outputs, { axis: { int: axis } }),
  gradient({ inputs, attributes: { axis } }, [dy]) {
    if (!dy) return [];
    let start = 0;
    return inputs.map((x) => {
      const end = start + fixed(x.shape[axis], "concat");
      const part = slice(dy, axis, start, end);
      start = end;
      return part;
    });
  },
};

export function concat(inputs: readonly Tensor[], axis: number): Tensor {
  return inputs.length === 1
    ? inputs[0]
    : apply(concatOp, inputs, { axis: resolveAxis(axis, inputs[0].shape.length) })[0];
}
