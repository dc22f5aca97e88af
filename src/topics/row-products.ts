// All products of rows with columns, as a kernel: the same bits on every machine.
import {
  type Code,
  createArena,
  type FunctionPlan,
  f32,
  f32x4,
  i32,
  type Local,
  loadFunctions,
  repeat,
} from "../kernels/index.js";

/** Columns of a tile: so many sums in registers. */
const tile = 8;

/**
 * rowProducts(x, rows, y, columns, rowBytes, out): out[r, c] = x[r] · y[c]. x (rows, n) and y (columns, n) row-major, their
 * rows `rowBytes` long, a multiple of 16; columns a multiple of the tile.
 */
const rowProducts: FunctionPlan = {
  name: "rowProducts",
  parameters: ["i32", "i32", "i32", "i32", "i32", "i32"],
  locals: ["i32", "i32", "i32", "i32", "v128", ...Array<"v128">(tile).fill("v128")],
  body(x, rows, y, columns, rowBytes, out, row, column, at, place, a, ...sums: Local[]) {
    const oneStep: Code = [
      ...a.set(f32x4.load(i32.add(x.get, at.get))),
      ...place.set(i32.add(i32.add(y.get, i32.mul(column.get, rowBytes.get)), at.get)),
      ...sums.flatMap((sum, i) => [
        ...sum.set(f32x4.add(sum.get, f32x4.mul(a.get, f32x4.load(place.get)))),
        ...(i + 1 < tile ? place.set(i32.add(place.get, rowBytes.get)) : []),
      ]),
    ];
    const oneTile: Code = [
      ...sums.flatMap((sum) => sum.set(f32x4.splat(f32.const(0)))),
      ...at.set(i32.const(0)),
      ...repeat(at, rowBytes.get, i32.const(16), oneStep),
      ...sums.flatMap((sum, i) => f32.store(out.get, f32x4.sum(sum), 4 * i)),
      ...out.set(i32.add(out.get, i32.const(4 * tile))),
    ];
    return [
      ...row.set(i32.const(0)),
      ...repeat(row, rows.get, i32.const(1), [
        ...column.set(i32.const(0)),
        ...repeat(column, columns.get, i32.const(tile), oneTile),
        ...x.set(i32.add(x.get, rowBytes.get)),
      ]),
    ];
  },
};

interface Kernels {
  rowProducts(x: number, rows: number, y: number, columns: number, rowBytes: number, out: number): void;
}

export interface RowProducts {
  /** Columns of a result's row: the count, rounded up to whole tiles; those beyond it are 0. */
  width: number;
  /** y (count, dim): what the rows are multiplied with from now on. */
  setColumns(y: Float64Array): void;
  /** (to − from, width), valid until the next call; at most `chunk` rows. */
  products(from: number, to: number): Float32Array;
}

/** Rows of one call. */
export const chunk = 1024;

/**
 * @param vectors - (rows, dim)
 * @example
 * const fits = createRowProducts(vectors, 200, 77);
 * fits.setColumns(centres);
 * const some = fits.products(0, 1024);
 */
export function createRowProducts(vectors: Float32Array, dim: number, count: number): RowProducts {
  const width = tile * Math.ceil(count / tile);
  const rowFloats = 4 * Math.ceil(dim / 4);
  const arena = createArena();
  const [x, y, out] = [chunk * rowFloats, width * rowFloats, chunk * width].map((floats) => arena.allocate(4 * floats));
  const view = (address: number, floats: number) => new Float32Array(arena.memory.buffer, address, floats);
  const [xView, yView, outView] = [view(x, chunk * rowFloats), view(y, width * rowFloats), view(out, chunk * width)];
  const kernels = loadFunctions<Kernels>([rowProducts], arena.memory);
  return {
    width,
    setColumns(columns) {
      for (let c = 0; c < count; c++) yView.set(columns.subarray(c * dim, (c + 1) * dim), c * rowFloats);
    },
    products(from, to) {
      for (let row = from; row < to; row++)
        xView.set(vectors.subarray(row * dim, (row + 1) * dim), (row - from) * rowFloats);
      kernels.rowProducts(x, to - from, y, width, 4 * rowFloats, out);
      return outView.subarray(0, (to - from) * width);
    },
  };
}
