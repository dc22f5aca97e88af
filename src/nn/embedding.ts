// Looks vectors up by number: E = X W + b with X one-hot, without the product.
import { z } from "zod";
import { UserError } from "../base/errors.js";
import { add, cast, gather, greater, type Shape, showShape } from "../graph/index.js";
import { expectInputs } from "./expect-input.js";
import type { LayerDefinition, ParameterSpec } from "./layer.js";
import { type LayerOptions, makeLayer, positiveInteger } from "./make-layer.js";

export const embeddingSchema = z.strictObject({
  vocabSize: positiveInteger.describe("rows of the table; ids are 0 … vocabSize − 1"),
  embeddingDim: positiveInteger.describe("width of a vector"),
  inputLength: positiveInteger.optional().describe("ids per row; by default set by each batch"),
  maskZero: z.boolean().default(false).describe("id 0 is padding: the following layers skip it"),
  useBias: z.boolean().default(false).describe("whether to add a bias to each vector"),
  trainable: z.boolean().default(true).describe("false freezes the given vectors"),
});
type Config = z.output<typeof embeddingSchema>;

export type EmbeddingOptions = z.input<typeof embeddingSchema> &
  LayerOptions & {
    /** Initial vectors, one row per id, instead of random ones. */
    weights?: Float32Array | readonly (readonly number[])[];
  };

/**
 * ids (batch, length) give vectors (batch, length, embeddingDim).
 *
 * Parameters: table W (vocabSize, embeddingDim), uniform in ±0.05 as in Keras, or `weights`; with useBias, bias b
 * (embeddingDim), zeros.
 *
 * @example
 * const layer = embedding({ vocabSize: 20000, embeddingDim: 128, inputLength: 56 });
 */
export function embedding({ weights, ...given }: EmbeddingOptions) {
  if (weights === undefined) return makeLayer("embedding", embeddingSchema, given);
  const { vocabSize, embeddingDim } = given;
  const table = weights instanceof Float32Array ? weights : Float32Array.from(weights.flat());
  const isEven = weights instanceof Float32Array || weights.every((row) => row.length === embeddingDim);
  if (!isEven || table.length !== vocabSize * embeddingDim)
    throw new UserError(
      `embedding takes weights of ${vocabSize} rows × ${embeddingDim} numbers, got ${weights instanceof Float32Array ? `${weights.length} numbers` : `${weights.length} rows × ${weights[0]?.length ?? 0}`}.`,
    );
  return makeLayer("embedding", embeddingSchema, given, { table });
}

export const embeddingDefinition: LayerDefinition<Config> = {
  options: embeddingSchema,
  parameters({ vocabSize, embeddingDim, inputLength, useBias, trainable }, inputs) {
    expectInputs(inputs, 1, "one input of ids");
    checkIds(inputs[0], inputLength);
    const table: ParameterSpec = {
      name: "table",
      shape: [vocabSize, embeddingDim],
      initializer: { uniform: 0.05 },
      trainable,
    };
    return useBias ? [table, { name: "bias", shape: [embeddingDim], initializer: "zeros" }] : [table];
  },
  call({ maskZero, useBias }, [ids], context) {
    const vectors = gather(context.parameter("table"), ids);
    return {
      result: useBias ? add(vectors, context.parameter("bias")) : vectors,
      mask: maskZero ? cast(greater(ids, 0), context.dtype) : context.masks[0],
    };
  },
};

function checkIds(shape: Shape, inputLength: number | undefined): void {
  if (shape.length !== 2) throw new UserError(`takes ids (batch, length), got shape ${showShape(shape)}`);
  if (inputLength !== undefined && shape[1] !== inputLength)
    throw new UserError(`takes ids of inputLength ${inputLength}, got shape ${showShape(shape)}`);
}
