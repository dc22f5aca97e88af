// A product of 8-bit weights with activations of 16 bits. For inference: no gradient.
import { countOf, fixed, showShape } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";
import type { IntegerMatrix } from "./quantized-products.js";

const zero = 128;
const leastScale = 1e-30;

/**
 * Decoders have features that are a hundred times as large as others in the same row: with 8 bits a row, as in
 * `quantizedProducts`, the others are lost. So every number is s · (q₁ + q₂ / 254), s = max |x| / 127 of its row, both parts 8-bit
 * integers, and the product is two of integers: y = s · scales · (q₁ W + q₂ W / 254). A row's result does not depend on others.
 */
export const fineProductOp: Op<{ matrix: IntegerMatrix }> = {
  name: "fineProduct",
  infer([x], { matrix: { shape } }) {
    if (x.shape.at(-1) !== shape[0])
      throw new Error(`fineProduct: x ${showShape(x.shape)} and W ${showShape(shape)} do not fit`);
    return [{ shape: [...x.shape.slice(0, -1), shape[1]], dtype: x.dtype }];
  },
  // Two products of integers.
  flops: ({ inputs: [x], attributes: { matrix } }) => 4 * countOf(x) * matrix.shape[1],
  emit(emitter, [x], outputs, { inputs: [{ shape }], attributes: { matrix } }) {
    const [from, to] = matrix.shape;
    const last = emitter.ints([-1]);
    const number = (value: number) => emitter.scalar(value, "float32");
    const isFlat = shape.length === 2;
    const rows = isFlat ? x : emitter.add("Reshape", [x, emitter.ints([-1, fixed(from, "fineProduct")])]);
    const ofRow = (kind: string) => emitter.add(kind, [rows, last], { keepdims: { int: 1 } });
    const least = number(127 * leastScale);
    const largest = emitter.add("Max", [ofRow("ReduceMax"), emitter.add("Neg", [ofRow("ReduceMin")]), least]);
    const scale = emitter.add("Mul", [largest, number(1 / 127)]);
    const scaled = emitter.add("Div", [rows, scale]);
    const zeroPoint = emitter.scalar(zero, "uint8");
    const coarse = emitter.add("QuantizeLinear", [scaled, number(1), zeroPoint]);
    const left = emitter.add("Sub", [scaled, emitter.add("DequantizeLinear", [coarse, number(1), zeroPoint])]);
    const fine = emitter.add("QuantizeLinear", [left, number(1 / 254), zeroPoint]);
    const weights = emitter.constant({ type: "int8", shape: matrix.shape, data: matrix.data });
    const columns = emitter.constant({ type: "float32", shape: [to], data: matrix.scales });
    const product = (q: string, unit: number) =>
      emitter.add("com.microsoft.MatMulIntegerToFloat", [q, weights, number(unit), columns, zeroPoint]);
    const summed = [emitter.add("Add", [product(coarse, 1), product(fine, 1 / 254)]), scale];
    if (isFlat) emitter.addNamed("Mul", summed, outputs);
    else {
      const size = emitter.add("Concat", [emitter.add("Shape", [x], { end: { int: -1 } }), emitter.ints([to])], {
        axis: { int: 0 },
      });
      emitter.addNamed("Reshape", [emitter.add("Mul", summed), size], outputs);
    }
  },
};

/** x (…, in) gives x W (…, out). float32 only. */
export function fineProduct(x: Tensor, matrix: IntegerMatrix): Tensor {
  return apply(fineProductOp, [x], { matrix })[0];
}
