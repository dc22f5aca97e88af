// The products of a decoder: those of one x are one product, as new tokens are few and reading one wide matrix is faster than
// reading several narrow ones; matrices of few bits are computed in the form that is fastest for the number of rows.
import { areAlike, type BlockMatrix, isBlockMatrix, joinRows, toColumns } from "../../formats/block-matrix.js";
import { add, blockProduct, matmul, quantizedProducts, split, type Tensor } from "../../graph/index.js";
import { type GraphBuild, graphBuild, type ProductWeights } from "../../nn/index.js";
import { type DecoderWeights, floatsOf, matrixOf } from "./decoder-weights.js";
import { joinedProducts } from "./joined-products.js";

/**
 * few: blocks are read as they are. many: one scale for each row of a matrix, 8 bits (`quantizedProducts`), whose products of
 * many rows are several times as fast. For floats both are the same.
 */
export type ProductForm = "few rows" | "many rows";

export interface DecodingProducts {
  build: GraphBuild;
  /** Of all floats, joined ones included. */
  values: Map<string, Float32Array>;
  /** x (rows, width) times the rows of a table (n, width): (rows, n). */
  timesTable(x: Tensor, name: string, table: Tensor): Tensor;
}

export function decodingProducts(weights: DecoderWeights, form: ProductForm): DecodingProducts {
  const values = floatsOf(weights);
  const floats = joinedProducts(values);
  const plain = graphBuild(false);
  const product = (x: Tensor, matrix: BlockMatrix) =>
    form === "few rows" ? blockProduct(x, matrix) : quantizedProducts(x, [{ matrix: toColumns(matrix) }])[0];
  const products = (x: Tensor, parts: readonly ProductWeights[]): readonly Tensor[] => {
    const matrices = parts.map(({ kernel }) => weights.get(kernel)!).filter(isBlockMatrix);
    if (matrices.length === 0) return floats.products!(x, parts);
    if (matrices.length < parts.length || !areAlike(matrices)) return parts.flatMap((part) => products(x, [part]));
    const joined = product(x, joinRows(matrices));
    const sizes = parts.map(({ size }) => size[1]);
    const found = parts.length === 1 ? [joined] : split(joined, -1, sizes);
    return parts.map(({ bias, size }, i) =>
      bias === undefined ? found[i] : add(found[i], plain.parameter(bias, [size[1]])),
    );
  };
  return {
    values,
    build: { ...floats, products },
    timesTable(x, name, table) {
      const matrix = matrixOf(weights, name);
      return matrix ? product(x, matrix) : matmul(x, table, { transposeB: true });
    },
  };
}
