// Rows of a table by their numbers: E = X W with X one-hot, without the product.
import { expectRank, expectType, fixed } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";
import { reshape } from "./reshape.js";
import { scatterAdd } from "./scatter-add.js";

export const gatherOp: Op<null> = {
  name: "gather",
  infer([table, ids]) {
    expectRank(table, 2, "gather: table");
    expectType(ids, ["int32", "int64"], "gather: ids");
    return [{ shape: [...ids.shape, table.shape[1]], dtype: table.dtype }];
  },
  emit: (emitter, inputs, outputs) => emitter.addNamed("Gather", inputs, outputs, { axis: { int: 0 } }),
  gradient({ inputs: [table, ids] }, [dy]) {
    if (!dy) return [];
    const count = ids.shape.reduce<number>((product, dim) => product * fixed(dim, "a gradient"), 1);
    const [rows, width] = table.shape;
    return [scatterAdd(reshape(ids, [count]), reshape(dy, [count, width]), fixed(rows, "a table"))];
  },
};

/** table (rows, width), ids of any shape (int) give (…ids, width). */
export function gather(table: Tensor, ids: Tensor): Tensor {
  return apply(gatherOp, [table, ids], null)[0];
}
