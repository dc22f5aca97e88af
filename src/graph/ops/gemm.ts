// Product of two matrices, either transposed: the form in which weight gradients are fastest.
import { countOf, expectRank, fixed } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";

export interface Gemm {
  transposeA: boolean;
  transposeB: boolean;
  alpha: number;
}

export const gemmOp: Op<Gemm> = {
  name: "gemm",
  infer([a, b], { transposeA, transposeB }) {
    expectRank(a, 2, "gemm: a");
    expectRank(b, 2, "gemm: b");
    const [rows, inner] = transposeA ? [a.shape[1], a.shape[0]] : a.shape;
    const [inner2, columns] = transposeB ? [b.shape[1], b.shape[0]] : b.shape;
    if (inner !== inner2) throw new Error(`gemm: inner sizes ${inner} and ${inner2} differ`);
    return [{ shape: [rows, columns], dtype: a.dtype }];
  },
  emit: (emitter, inputs, outputs, { attributes: { transposeA, transposeB, alpha } }) =>
    emitter.addNamed("Gemm", inputs, outputs, {
      alpha: { float: alpha },
      transA: { int: transposeA ? 1 : 0 },
      transB: { int: transposeB ? 1 : 0 },
    }),
  flops: ({ inputs: [a], outputs: [y], attributes: { transposeA } }) =>
    2 * countOf(y) * fixed(a.shape[transposeA ? 0 : 1], "gemm"),
  gradient({ inputs: [a, b], attributes: { transposeA, transposeB, alpha } }, [dy]) {
    if (!dy) return [];
    const da = transposeA
      ? gemm(b, dy, { transposeA: transposeB, transposeB: true, alpha })
      : gemm(dy, b, { transposeB: !transposeB, alpha });
    const db = transposeB
      ? gemm(dy, a, { transposeA: true, transposeB: transposeA, alpha })
      : gemm(a, dy, { transposeA: !transposeA, alpha });
    return [da, db];
  },
};

/** alpha · op(a) · op(b) of two matrices. */
export function gemm(a: Tensor, b: Tensor, options: Partial<Gemm> = {}): Tensor {
  return apply(gemmOp, [a, b], { transposeA: false, transposeB: false, alpha: 1, ...options })[0];
}
