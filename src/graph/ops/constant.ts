// Numbers that are part of the graph.
import type { OnnxTensor } from "../../formats/onnx/model.js";
import { apply, type DType, type Op, type Tensor } from "../tensor.js";

interface Constant {
  shape: readonly number[];
  dtype: DType;
  data: OnnxTensor["data"] | number;
}

export const constantOp: Op<Constant> = {
  name: "constant",
  infer: (_, { shape, dtype }) => [{ shape, dtype }],
  emit(emitter, _, [output], { attributes: { shape, dtype, data } }) {
    const name =
      typeof data === "number" ? emitter.scalar(data, dtype) : emitter.constant({ type: dtype, shape, data });
    emitter.addNamed("Identity", [name], [output]);
  },
};

/** A constant array, row by row. */
export function constant(data: OnnxTensor["data"], shape: readonly number[], dtype: DType): Tensor {
  return apply(constantOp, [], { shape, dtype, data })[0];
}

/** A constant number of shape (), which broadcasts to anything. */
export function scalar(value: number, dtype: DType = "float32"): Tensor {
  return apply(constantOp, [], { shape: [], dtype, data: value })[0];
}

/** A number as a tensor of the other operand's type. */
export function toTensor(value: Tensor | number, like: Tensor): Tensor {
  return typeof value === "number" ? scalar(value, like.dtype) : value;
}
