// Rotary positions: turns pairs of features by an angle that grows with the position, so that products of queries and
// keys depend on their distance alone. Source: J. Su et al. 2021, arXiv:2104.09864.
import { expectRank, expectShape, expectType, fixed } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";
import { constant } from "./constant.js";

/** Which features of a head turn together: i and i + d/2, as in Llama, or 2i and 2i + 1, as in the paper. */
export type RotaryPairs = "halves" | "adjacent";

interface Rotary {
  heads: number;
  pairs: RotaryPairs;
  /** Positions that the tables of angles cover. */
  maxLength: number;
  base: number;
  /** Angle of each pair from one position to the next; by default from the base. */
  frequencies?: readonly number[];
  /** Turns back: the gradient of a rotation. */
  inverse: boolean;
}

// The pair i: y_a = x_a cos θ − x_b sin θ,  y_b = x_b cos θ + x_a sin θ,  θ = position · base^(−2i/d), or its frequency
export const rotaryOp: Op<Rotary> = {
  name: "rotary",
  infer([x, offset], { heads, frequencies }) {
    expectRank(x, 3, "rotary: x");
    // One number for all rows, or the position of every place.
    if (offset.shape.length === 1) expectShape(offset, [1], "rotary: offset");
    else expectShape(offset, x.shape.slice(0, 2), "rotary: offset");
    expectType(offset, ["int64"], "rotary: offset");
    if (fixed(x.shape[2], "rotary") % (2 * heads) !== 0)
      throw new Error(`rotary: ${heads} heads of even width do not divide the width ${x.shape[2]}`);
    if (frequencies && frequencies.length !== fixed(x.shape[2], "rotary") / heads / 2)
      throw new Error(
        `rotary: ${frequencies.length} frequencies for heads of width ${fixed(x.shape[2], "rotary") / heads}`,
      );
    return [{ shape: x.shape, dtype: x.dtype }];
  },
  emit(emitter, [x, offset], outputs, { inputs: [xTensor], attributes }) {
    const { heads, maxLength, base, pairs, inverse } = attributes;
    const half = fixed(xTensor.shape[2], "rotary") / heads / 2;
    const frequencies = attributes.frequencies ?? Array.from({ length: half }, (_, i) => base ** (-i / half));
    const table = (name: string, angle: (theta: number) => number) =>
      // All layers of a network turn alike.
      emitter.sharedConstant(`${name} ${maxLength} ${frequencies.join(" ")}`, () => {
        const data = new Float32Array(maxLength * half);
        // Given frequencies are of 32 bits, and so are their angles in PyTorch.
        const rounded = attributes.frequencies ? Math.fround : (theta: number) => theta;
        for (let position = 0; position < maxLength; position++)
          for (let i = 0; i < half; i++) data[position * half + i] = angle(rounded(position * frequencies[i]));
        return { type: "float32", shape: [maxLength, half], data };
      });
    const cosine = table("cosine", Math.cos);
    const sine = inverse ? table("inverse sine", (theta) => -Math.sin(theta)) : table("sine", Math.sin);
    emitter.addNamed("com.microsoft.RotaryEmbedding", [x, offset, cosine, sine], outputs, {
      num_heads: { int: heads },
      ...(pairs === "adjacent" && { interleaved: { int: 1 } }),
      // With it the operator wants no rotation of a part alone.
      rotary_embedding_dim: { int: 0 },
    });
  },
  gradient({ inputs: [, offset], attributes }, [dy]) {
    return [dy && apply(rotaryOp, [dy, offset], { ...attributes, inverse: !attributes.inverse })[0]];
  },
};

/**
 * x (batch, length, heads · d), d even, at positions offset … offset + length − 1 below `maxLength`; `offset` (1) int64,
 * 0 by default, or (batch, length), the position of each element. `frequencies` (d / 2): the angle of each pair from one
 * position to the next, instead of `base`. float32 only.
 */
export function rotary(
  x: Tensor,
  options: {
    heads: number;
    maxLength: number;
    base?: number;
    frequencies?: readonly number[];
    pairs?: RotaryPairs;
    offset?: Tensor;
  },
): Tensor {
  const { heads, maxLength, base = 10000, frequencies, pairs = "halves" } = options;
  const { offset = constant(BigInt64Array.of(0n), [1], "int64") } = options;
  return apply(rotaryOp, [x, offset], { heads, pairs, maxLength, base, frequencies, inverse: false })[0];
}
