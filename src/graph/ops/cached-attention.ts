// Causal attention of new tokens to those before them, whose keys and values were kept. For inference: no gradient.
import type { Emitter } from "../emitter.js";
import { countOf, expectShape, fixed } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";

export interface CachedAttention {
  heads: number;
  keyValueHeads: number;
}

// softmax([Q K_pastᵀ / √d + bias, Q Kᵀ / √d + causal]) [V_past; V], with the two halves multiplied apart: the kept arrays are read
// where they are, never copied or joined. Query heads that share keys and values are rows of one product.
export const cachedAttentionOp: Op<CachedAttention> = {
  name: "cachedAttention",
  infer([q, k, v, pastKeys, pastValues, bias, among], { heads, keyValueHeads }) {
    const [batch, , width] = q.shape;
    const headWidth = fixed(width, "cachedAttention") / heads;
    const past = pastKeys.shape[2];
    expectShape(k, q.shape.with(2, keyValueHeads * headWidth), "cachedAttention: k");
    expectShape(v, k.shape, "cachedAttention: v");
    expectShape(pastKeys, [batch, keyValueHeads, past, headWidth], "cachedAttention: kept keys");
    expectShape(pastValues, pastKeys.shape, "cachedAttention: kept values");
    // The same for all new tokens, or for each its own.
    expectShape(bias, [batch, 1, bias.shape[2] === 1 ? 1 : q.shape[1], past], "cachedAttention: bias");
    if (among) expectShape(among, [q.shape[1], q.shape[1]], "cachedAttention: among");
    const kept = { shape: [batch, keyValueHeads, q.shape[1], headWidth], dtype: q.dtype };
    return [{ shape: q.shape, dtype: q.dtype }, kept, kept];
  },
  flops: ({ inputs: [q, , , pastKeys] }) =>
    4 * countOf(q) * (fixed(q.shape[1], "cachedAttention") + fixed(pastKeys.shape[2], "cachedAttention")),
  emit(emitter, [q, k, v, pastKeys, pastValues, bias, among], [result, keys, values], { inputs, attributes }) {
    const { heads, keyValueHeads } = attributes;
    const shared = heads / keyValueHeads;
    const width = fixed(inputs[0].shape[2], "cachedAttention");
    const headWidth = width / heads;
    const ofShape = (x: string, from: number, to: number) =>
      emitter.add("Shape", [x], { start: { int: from }, end: { int: to } });
    const transposed = (x: string, perm: number[]) => emitter.add("Transpose", [x], { perm: { ints: perm } });
    const split = (x: string) => emitter.add("Reshape", [x, emitter.ints([0, 0, keyValueHeads, headWidth])]);
    emitter.addNamed("Transpose", [split(k)], [keys], { perm: { ints: [0, 2, 1, 3] } });
    emitter.addNamed("Transpose", [split(v)], [values], { perm: { ints: [0, 2, 1, 3] } });
    // A pass over the few queries: products of one row are fast where they have no factor of their own.
    const scaled = emitter.add("Mul", [q, emitter.scalar(1 / Math.sqrt(headWidth), "float32")]);
    // (B, T, H d) to (B, groups, shared · T, d)
    const queries =
      shared === 1
        ? transposed(split(scaled), [0, 2, 1, 3])
        : emitter.add("Reshape", [
            transposed(
              emitter.add("Reshape", [scaled, emitter.ints([0, 0, keyValueHeads, shared, headWidth])]),
              [0, 2, 3, 1, 4],
            ),
            emitter.ints([0, keyValueHeads, -1, headWidth]),
          ]);
    const length = ofShape(q, 1, 2);
    let causal = among ?? causalBias(emitter, length);
    if (shared > 1) causal = emitter.add("Tile", [causal, emitter.ints([shared, 1])]);
    const ofPast =
      shared > 1 && inputs[5].shape[2] !== 1 ? emitter.add("Tile", [bias, emitter.ints([1, 1, shared, 1])]) : bias;
    const products = (a: string) =>
      emitter.add("com.microsoft.FusedMatMul", [queries, a], { transB: { int: 1 }, alpha: { float: 1 } });
    const scores = emitter.add(
      "Concat",
      [emitter.add("Add", [products(pastKeys), ofPast]), emitter.add("Add", [products(keys), causal])],
      { axis: { int: 3 } },
    );
    const weights = emitter.add("Softmax", [scores], { axis: { int: -1 } });
    const [before, behind] = [emitter.fresh("past"), emitter.fresh("new")];
    const sizes = emitter.add("Concat", [ofShape(pastKeys, 2, 3), length], { axis: { int: 0 } });
    emitter.addNamed("Split", [weights, sizes], [before, behind], { axis: { int: 3 } });
    const sum = emitter.add("Add", [
      emitter.add("MatMul", [before, pastValues]),
      emitter.add("MatMul", [behind, values]),
    ]);
    const joined =
      shared === 1
        ? transposed(sum, [0, 2, 1, 3])
        : transposed(
            emitter.add("Reshape", [
              sum,
              emitter.add(
                "Concat",
                [ofShape(q, 0, 1), emitter.ints([keyValueHeads, shared]), length, emitter.ints([headWidth])],
                { axis: { int: 0 } },
              ),
            ]),
            [0, 3, 1, 2, 4],
          );
    emitter.addNamed("Reshape", [joined, emitter.ints([0, 0, width])], [result]);
  },
};

/** (T, T): each token sees itself and those before it. */
function causalBias(emitter: Emitter, length: string): string {
  const square = emitter.add("Concat", [length, length], { axis: { int: 0 } });
  const ones = emitter.add("Expand", [emitter.scalar(1e9, "float32"), square]);
  const triangle = emitter.add("Trilu", [ones], { upper: { int: 0 } });
  return emitter.add("Sub", [triangle, emitter.scalar(1e9, "float32")]);
}

/**
 * q (batch, T, heads · d); k and v (batch, T, keyValueHeads · d); the kept ones (batch,
 * keyValueHeads, P, d); `bias` (batch, 1, 1 or T, P), very negative at unused positions of the cached arrays; `among` (T, T), very
 * negative where a new token does not see another (left out, it sees itself and those before it). Returns the
 * result (batch, T, heads · d) and the new tokens' keys and values (batch, keyValueHeads, T, d). float32 only.
 */
export function cachedAttention(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  past: { keys: Tensor; values: Tensor; bias: Tensor; among?: Tensor },
  options: CachedAttention,
): { result: Tensor; keys: Tensor; values: Tensor } {
  const inputs = [q, k, v, past.keys, past.values, past.bias, ...(past.among ? [past.among] : [])];
  const [result, keys, values] = apply(cachedAttentionOp, inputs, options);
  return { result, keys, values };
}
