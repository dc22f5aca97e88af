// Adds a vector for each position.
import { z } from "zod";
import { UserError } from "../base/errors.js";
import { add, constant, gather, positions, slice, type Tensor } from "../graph/index.js";
import { sequenceWidth } from "./expect-input.js";
import type { LayerDefinition } from "./layer.js";
import { type LayerOptions, makeLayer, positiveInteger } from "./make-layer.js";

export const positionalEmbeddingSchema = z.strictObject({
  maxLength: positiveInteger.describe("positions with a vector; longer inputs are an error"),
  vectors: z.enum(["learned", "sinusoidal"]).default("learned").describe("sinusoidal needs no training"),
});
type Config = z.output<typeof positionalEmbeddingSchema>;

export type PositionalEmbeddingOptions = z.input<typeof positionalEmbeddingSchema> & LayerOptions;

/**
 * x (batch, length, width) gives x + P[0 … length − 1].
 *
 * Parameters: table P (maxLength, width), uniform in ±0.05, when learned. Sinusoidal: A. Vaswani et al. 2017,
 * section 3.5, P[t, 2i] = sin(t / 10000^(2i / width)), P[t, 2i + 1] = cos of the same.
 *
 * @example
 * const layer = positionalEmbedding({ maxLength: 512 });
 */
export const positionalEmbedding = (given: PositionalEmbeddingOptions) =>
  makeLayer("positionalEmbedding", positionalEmbeddingSchema, given);

export const positionalEmbeddingDefinition: LayerDefinition<Config> = {
  options: positionalEmbeddingSchema,
  parameters({ maxLength, vectors }, inputs) {
    const width = sequenceWidth(inputs);
    const length = inputs[0][1];
    if (typeof length === "number" && length > maxLength)
      throw new UserError(`has maxLength ${maxLength}, but its input has ${length} positions; raise maxLength`);
    return vectors === "learned" ? [{ name: "table", shape: [maxLength, width], initializer: { uniform: 0.05 } }] : [];
  },
  call({ maxLength, vectors }, [x], context) {
    const [, length, width] = x.shape;
    const table =
      vectors === "learned" ? context.parameter("table") : sinusoids(maxLength, width as number, context.dtype);
    const places = context.past?.positions;
    const rows: Tensor =
      places || typeof length === "string" ? gather(table, places ?? positions(x, 1)) : slice(table, 0, 0, length);
    return { result: add(x, rows), mask: context.masks[0] };
  },
};

/** Numbers of a table that is computed: 256 MB. */
const mostComputed = 2 ** 26;

function sinusoids(length: number, width: number, dtype: "float32" | "float64"): Tensor {
  if (length * width > mostComputed)
    throw new UserError(
      `has maxLength ${length} and width ${width}: a table of so many sines does not fit into memory; lower maxLength`,
    );
  const data = dtype === "float64" ? new Float64Array(length * width) : new Float32Array(length * width);
  for (let t = 0; t < length; t++)
    for (let j = 0; j < width; j++) {
      const angle = t / 10000 ** ((j - (j % 2)) / width);
      data[t * width + j] = j % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    }
  return constant(data, [length, width], dtype);
}
