// Matrix product over the last two axes, batched over the others; either side may be taken transposed.
import { broadcastShapes, countOf, fixed, showShape } from "../shapes.js";
import { apply, type Op, type Shape, type Tensor } from "../tensor.js";
import { sumTo } from "./sum-to.js";

export interface MatMul {
  transposeA: boolean;
  transposeB: boolean;
  /** Multiplies the product. */
  alpha: number;
}

export const matmulOp: Op<MatMul> = {
  name: "matmul",
  infer([a, b], { transposeA, transposeB }) {
    const [rows, inner] = matrix(a.shape, transposeA);
    const [inner2, columns] = matrix(b.shape, transposeB);
    if (inner !== inner2)
      throw new Error(
        `matmul: ${showShape(a.shape)} and ${showShape(b.shape)} have inner sizes ${inner} and ${inner2}`,
      );
    const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
    return [{ shape: [...batch, rows, columns], dtype: a.dtype }];
  },
  emit(emitter, inputs, outputs, { attributes: { transposeA, transposeB, alpha }, inputs: [a] }) {
    if (!transposeA && !transposeB && alpha === 1) emitter.addNamed("MatMul", inputs, outputs);
    else if (a.dtype === "float32")
      emitter.addNamed("com.microsoft.FusedMatMul", inputs, outputs, {
        alpha: { float: alpha },
        transA: { int: transposeA ? 1 : 0 },
        transB: { int: transposeB ? 1 : 0 },
      });
    else {
      const [left, right] = inputs;
      const flip = (name: string, rank: number) =>
        emitter.add("Transpose", [name], { perm: { ints: swapLastTwo(rank) } });
      const product = emitter.add("MatMul", [
        transposeA ? flip(left, a.shape.length) : left,
        transposeB ? flip(right, a.shape.length) : right,
      ]);
      emitter.addNamed("Mul", [product, emitter.scalar(alpha, a.dtype)], outputs);
    }
  },
  flops: ({ inputs: [a], outputs: [y], attributes: { transposeA } }) =>
    2 * countOf(y) * fixed(matrix(a.shape, transposeA)[1], "matmul"),
  gradient({ inputs: [a, b], attributes: { transposeA, transposeB, alpha } }, [dy]) {
    if (!dy) return [];
    // Y = α op(A) op(B):  d op(A) = α dY op(B)ᵀ,  d op(B) = α op(A)ᵀ dY
    const da = transposeA
      ? matmul(b, dy, { transposeA: transposeB, transposeB: true, alpha })
      : matmul(dy, b, { transposeB: !transposeB, alpha });
    const db = transposeB
      ? matmul(dy, a, { transposeA: true, transposeB: transposeA, alpha })
      : matmul(a, dy, { transposeA: !transposeA, alpha });
    return [sumTo(da, a.shape), sumTo(db, b.shape)];
  },
};

/** alpha · op(a) · op(b), op transposing the last two axes if set. (…, n, k) and (…, k, m) give (…, n, m). */
export function matmul(a: Tensor, b: Tensor, options: Partial<MatMul> = {}): Tensor {
  return apply(matmulOp, [a, b], { transposeA: false, transposeB: false, alpha: 1, ...options })[0];
}

function matrix(shape: Shape, transposed: boolean) {
  if (shape.length < 2) throw new Error(`matmul needs matrices, got shape ${showShape(shape)}`);
  const [rows, columns] = shape.slice(-2);
  return transposed ? [columns, rows] : [rows, columns];
}

function swapLastTwo(rank: number): number[] {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  return [...axes.slice(0, -2), rank - 1, rank - 2];
}
