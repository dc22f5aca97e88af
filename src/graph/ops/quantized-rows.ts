// Rows of a table of 8-bit integers. For inference: no gradient.
import { expectType } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";

/** (rows, width) row by row: number (i, j) is data[i · width + j] · scales[i]. */
export interface IntegerTable {
  shape: readonly [number, number];
  data: Int8Array;
  scales: Float32Array;
}

export const quantizedRowsOp: Op<IntegerTable> = {
  name: "quantizedRows",
  infer([ids], { shape }) {
    expectType(ids, ["int32", "int64"], "quantizedRows: ids");
    return [{ shape: [...ids.shape, shape[1]], dtype: "float32" }];
  },
  emit(emitter, [ids], outputs, { attributes: { shape, data, scales } }) {
    const table = emitter.constant({ type: "int8", shape, data });
    const scale = emitter.constant({ type: "float32", shape: [shape[0], 1], data: scales });
    const found = emitter.add("Cast", [emitter.add("Gather", [table, ids])], { to: { int: 1 } });
    emitter.addNamed("Mul", [found, emitter.add("Gather", [scale, ids])], outputs);
  },
};

/** ids (…) int give rows of the table (…, width), float32. */
export function quantizedRows(ids: Tensor, table: IntegerTable): Tensor {
  return apply(quantizedRowsOp, [ids], table)[0];
}
