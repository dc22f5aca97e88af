// Another element type. Gradients flow only between floating types.
import { apply, type DType, type Op, type Tensor } from "../tensor.js";

const onnxTypes: Record<DType, number> = { float32: 1, int32: 6, int64: 7, bool: 9, float64: 11 };
const isFloat = (dtype: DType) => dtype === "float32" || dtype === "float64";

export const castOp: Op<DType> = {
  name: "cast",
  infer: ([x], dtype) => [{ shape: x.shape, dtype }],
  emit: (emitter, inputs, outputs, node) =>
    emitter.addNamed("Cast", inputs, outputs, { to: { int: onnxTypes[node.attributes] } }),
  gradient: ({ inputs: [x] }, [dy]) => [dy && isFloat(x.dtype) ? cast(dy, x.dtype) : undefined],
};

export function cast(x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? x : apply(castOp, [x], dtype)[0];
}
