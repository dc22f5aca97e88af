// Sparse rows times a dense matrix, 32 columns at a time.
import { type FunctionPlan, f32, f32x4, i32, type Local, repeat } from "../../kernels/index.js";

/** Columns of a tile: eight registers of four floats. */
export const tileColumns = 32;
const registers = tileColumns / 4;
const tileBytes = 4 * tileColumns;

/**
 * multiplyRows(starts, rows, columns, values, x, y): y[r, :] = Σ_e values[e] x[columns[e], :], e from starts[r] to
 * starts[r + 1], in this order. All arguments but `rows` are addresses; x and y are (…, 32) row-major.
 */
export const multiplyRows: FunctionPlan = {
  name: "multiplyRows",
  parameters: ["i32", "i32", "i32", "i32", "i32", "i32"],
  locals: ["i32", "i32", "i32", "i32", "v128", ...Array<"v128">(registers).fill("v128")],
  body(starts, rows, columns, values, x, y, row, entry, entryEnd, source, value, ...sums: Local[]) {
    const each = (code: (sum: Local, offset: number) => readonly number[]) =>
      sums.flatMap((sum, i) => [...code(sum, 16 * i)]);
    const addEntry = [
      ...source.set(
        i32.add(x.get, i32.mul(i32.load(i32.add(columns.get, i32.shl(entry.get, i32.const(2)))), i32.const(tileBytes))),
      ),
      ...value.set(f32x4.splat(f32.load(i32.add(values.get, i32.shl(entry.get, i32.const(2)))))),
      ...each((sum, offset) => sum.set(f32x4.add(sum.get, f32x4.mul(value.get, f32x4.load(source.get, offset))))),
    ];
    const oneRow = [
      ...each((sum) => sum.set(f32x4.splat(f32.const(0)))),
      ...entry.set(i32.load(starts.get)),
      ...entryEnd.set(i32.load(starts.get, 4)),
      ...repeat(entry, entryEnd.get, i32.const(1), addEntry),
      ...each((sum, offset) => f32x4.store(y.get, sum.get, offset)),
      ...starts.set(i32.add(starts.get, i32.const(4))),
      ...y.set(i32.add(y.get, i32.const(tileBytes))),
    ];
    return [...row.set(i32.const(0)), ...repeat(row, rows.get, i32.const(1), oneRow)];
  },
};
