// Products of one x with matrices of 8-bit integers. For inference: no gradient.
import { countOf, fixed, showShape } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";
import { geluOp } from "./gelu.js";

/** (in, out) row by row: number (i, j) is data[i · out + j] · scales[j]. */
export interface IntegerMatrix {
  shape: readonly [number, number];
  data: Int8Array;
  scales: Float32Array;
}

interface QuantizedProducts {
  matrices: readonly IntegerMatrix[];
  /** Which of them have a bias among the inputs after x. */
  hasBias: readonly boolean[];
}

/** What stands for 0 among 8-bit activations: ONNX Runtime's fast products take them without a sign. */
const zero = 128;
/** A row of zeros has some scale, too. */
const leastScale = 1e-30;

/**
 * Every row of x has a scale of its own, as in T. Dettmers et al. 2022, arXiv:2208.07339, section 3: q = round(x / s) with
 * s = max |x| / 127. Sums of integers are exact, so what a row gives does not depend on the rows beside it.
 * y = s · scales · (q W) + b
 */
export const quantizedProductsOp: Op<QuantizedProducts> = {
  name: "quantizedProducts",
  infer([x], { matrices }) {
    return matrices.map(({ shape: [from, to], data, scales }) => {
      if (x.shape.at(-1) !== from || data.length !== from * to || scales.length !== to)
        throw new Error(`quantizedProducts: x ${showShape(x.shape)} and W ${showShape([from, to])} do not fit`);
      return { shape: [...x.shape.slice(0, -1), to], dtype: x.dtype };
    });
  },
  flops: ({ inputs: [x], attributes: { matrices } }) =>
    matrices.reduce((sum, { shape: [, to] }) => sum + 2 * countOf(x) * to, 0),
  emit(emitter, [x, ...biases], outputs, { inputs: [source], attributes: { matrices, hasBias } }) {
    const { shape } = source;
    const last = emitter.ints([-1]);
    const ofRow = (kind: string) => emitter.add(kind, [x, last], { keepdims: { int: 1 } });
    // Two passes that only read are faster than |x|, which is written. GELU is never below −0.17.
    const below =
      source.node.op === geluOp ? emitter.scalar(0.17, "float32") : emitter.add("Neg", [ofRow("ReduceMin")]);
    const largest = emitter.add("Max", [ofRow("ReduceMax"), below, emitter.scalar(127 * leastScale, "float32")]);
    const scale = emitter.add("Mul", [largest, emitter.scalar(1 / 127, "float32")]);
    const rows = emitter.add("Reshape", [x, emitter.ints([-1, fixed(shape.at(-1)!, "quantizedProducts")])]);
    const rowScales = emitter.add("Reshape", [scale, last]);
    const nothing = emitter.sharedConstant("zero row", () => ({
      type: "uint8",
      shape: [1],
      data: Uint8Array.of(zero),
    }));
    const zeros = emitter.add("Expand", [nothing, emitter.add("Shape", [rowScales])]);
    const flat = emitter.add("QuantizeLinear", [rows, rowScales, zeros], { axis: { int: 0 } });
    const q = shape.length === 2 ? flat : emitter.add("Reshape", [flat, emitter.add("Shape", [x])]);
    const one = emitter.scalar(1, "float32");
    const zeroPoint = emitter.scalar(zero, "uint8");
    for (const [i, { shape, data, scales }] of matrices.entries()) {
      const matrix = emitter.constant({ type: "int8", shape, data });
      const columns = emitter.constant({ type: "float32", shape: [shape[1]], data: scales });
      const inputs = [q, matrix, one, columns, zeroPoint];
      const summed = emitter.add("com.microsoft.MatMulIntegerToFloat", inputs);
      if (!hasBias[i]) emitter.addNamed("Mul", [summed, scale], [outputs[i]]);
      else {
        const bias = biases[hasBias.slice(0, i).filter((has) => has).length];
        emitter.addNamed("Add", [emitter.add("Mul", [summed, scale]), bias], [outputs[i]]);
      }
    }
  },
};

/** x (…, in) gives x W + b (…, out) for each matrix W; x is brought to 8 bits once. float32 only. */
export function quantizedProducts(
  x: Tensor,
  weights: readonly { matrix: IntegerMatrix; bias?: Tensor }[],
): readonly Tensor[] {
  const biases = weights.flatMap(({ bias }) => bias ?? []);
  return apply(quantizedProductsOp, [x, ...biases], {
    matrices: weights.map(({ matrix }) => matrix),
    hasBias: weights.map(({ bias }) => bias !== undefined),
  });
}
