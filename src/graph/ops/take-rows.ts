// Rows of a batch of sequences, counted through all of them.
import { expectRank, expectType, fixed } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";

export const takeRowsOp: Op<null> = {
  name: "takeRows",
  infer([x, rows]) {
    expectRank(x, 3, "takeRows: x");
    expectRank(rows, 1, "takeRows: rows");
    expectType(rows, ["int32", "int64"], "takeRows: rows");
    return [{ shape: [rows.shape[0], x.shape[2]], dtype: x.dtype }];
  },
  emit(emitter, [x, rows], outputs, { inputs: [{ shape }] }) {
    const flat = emitter.add("Reshape", [x, emitter.ints([-1, fixed(shape[2], "takeRows")])]);
    emitter.addNamed("Gather", [flat, rows], outputs, { axis: { int: 0 } });
  },
};

/** x (batch, length, width), rows (n) int, each sequence · length + step, give (n, width). For inference: no gradient. */
export function takeRows(x: Tensor, rows: Tensor): Tensor {
  return apply(takeRowsOp, [x, rows], null)[0];
}
