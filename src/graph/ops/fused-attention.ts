// Attention within a text as one operator, whose weights are never whole in memory. For inference: no gradient.
import { countOf, expectShape, fixed, showShape } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";

interface FusedAttention {
  heads: number;
  /** Which of the inputs after q, k and v there are. */
  hasMask: boolean;
  hasBias: boolean;
}

// softmax(Q Kᵀ / √d + bias) V in each head, without the keys that the mask has as 0
export const fusedAttentionOp: Op<FusedAttention> = {
  name: "fusedAttention",
  infer([q, k, v, ...rest], { heads, hasMask, hasBias }) {
    const [batch, length, width] = q.shape;
    if (fixed(width, "fusedAttention") % heads !== 0)
      throw new Error(`fusedAttention: ${heads} heads do not divide the width ${width}`);
    expectShape(k, q.shape, "fusedAttention: k");
    expectShape(v, q.shape, "fusedAttention: v");
    if (hasMask) expectShape(rest[0], [batch, length], "fusedAttention: mask");
    const bias = hasBias ? rest[rest.length - 1].shape : [1, 1, length, length];
    if (bias.length !== 4 || bias[2] !== length || bias[3] !== length || (bias[1] !== 1 && bias[1] !== heads))
      throw new Error(`fusedAttention: a bias of shape ${showShape(bias)} does not fit ${showShape(q.shape)}`);
    return [{ shape: q.shape, dtype: q.dtype }];
  },
  // Q Kᵀ and the product with V
  flops: ({ inputs: [q] }) => 4 * countOf(q) * fixed(q.shape[1], "fusedAttention"),
  emit(emitter, [q, k, v, ...rest], outputs, { inputs, attributes: { heads, hasMask, hasBias } }) {
    const int32 = { to: { int: 6 } };
    const isInt = hasMask && inputs[3].dtype === "int32";
    const mask = hasMask ? (isInt ? rest[0] : emitter.add("Cast", [rest[0]], int32)) : "";
    const bias = hasBias ? rest[rest.length - 1] : "";
    emitter.addNamed("com.microsoft.MultiHeadAttention", withoutEmptyEnd([q, k, v, "", mask, bias]), outputs, {
      num_heads: { int: heads },
    });
  },
};

function withoutEmptyEnd(inputs: string[]): string[] {
  return inputs.slice(0, inputs.findLastIndex((name) => name !== "") + 1);
}

/**
 * q, k and v (batch, length, heads · d) give the same shape. `mask` (batch, length) is 0 at keys that are not attended to;
 * `bias` (1, heads or 1, length, length) is added to the scores. float32 only.
 */
export function fusedAttention(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  { heads, mask, bias }: { heads: number; mask?: Tensor; bias?: Tensor },
): Tensor {
  const rest = [mask, bias].filter((tensor) => tensor !== undefined);
  const attributes = { heads, hasMask: mask !== undefined, hasBias: bias !== undefined };
  return apply(fusedAttentionOp, [q, k, v, ...rest], attributes)[0];
}
