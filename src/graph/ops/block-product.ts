// A product with a matrix of few bits, whose blocks are read as they are. For inference: no gradient.
import { type BlockMatrix, blocksOf } from "../../formats/block-matrix.js";
import { countOf, showShape } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";

/** x is brought to 8 bits by blocks as well: one row is then read several times as fast as with 32-bit activations. */
const accuracyLevel = 4;

// Shifts are the same for all numbers of a block, so their product is that of x's sums by block: (rows, blocks) floats.
export const blockProductOp: Op<{ matrix: BlockMatrix }> = {
  name: "blockProduct",
  infer([x], { matrix: { rows, columns } }) {
    if (x.shape.at(-1) !== columns)
      throw new Error(`blockProduct: x ${showShape(x.shape)} and M ${showShape([rows, columns])} do not fit`);
    return [{ shape: [...x.shape.slice(0, -1), rows], dtype: x.dtype }];
  },
  flops: ({ inputs: [x], attributes: { matrix } }) => 2 * countOf(x) * matrix.rows,
  emit(emitter, [x], outputs, { attributes: { matrix } }) {
    const { bits, block, rows, columns, codes, scales, shifts } = matrix;
    const blocks = blocksOf(matrix);
    const inputs = [
      x,
      emitter.constant({ type: "uint8", shape: [rows, blocks, (block * bits) / 8], data: codes }),
      emitter.constant({ type: "float32", shape: [rows * blocks], data: scales }),
    ];
    const numbers = { K: columns, N: rows, bits, block_size: block, accuracy_level: accuracyLevel };
    const attributes = Object.fromEntries(Object.entries(numbers).map(([name, int]) => [name, { int }]));
    if (!shifts) {
      emitter.addNamed("com.microsoft.MatMulNBits", inputs, outputs, attributes);
      return;
    }
    const product = emitter.add("com.microsoft.MatMulNBits", inputs, attributes);
    const sums = emitter.add("MatMul", [
      x,
      emitter.sharedConstant(`blocks ${columns} ${block}`, () => ({
        type: "float32",
        shape: [columns, blocks],
        data: blockColumns(columns, block),
      })),
    ]);
    const turned = emitter.constant({ type: "float32", shape: [blocks, rows], data: columnsFirst(shifts, rows) });
    emitter.addNamed("Add", [product, emitter.add("MatMul", [sums, turned])], outputs);
  },
};

/** x (…, columns) gives x Mᵀ (…, rows). float32 only. */
export function blockProduct(x: Tensor, matrix: BlockMatrix): Tensor {
  return apply(blockProductOp, [x], { matrix })[0];
}

/** (columns, blocks): 1 where a column is in a block. */
function blockColumns(columns: number, block: number): Float32Array {
  const blocks = Math.ceil(columns / block);
  const ones = new Float32Array(columns * blocks);
  for (let column = 0; column < columns; column++) ones[column * blocks + Math.floor(column / block)] = 1;
  return ones;
}

function columnsFirst(values: Float32Array, rows: number): Float32Array {
  const columns = values.length / rows;
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) turned[column * rows + row] = values[row * columns + column];
  return turned;
}
