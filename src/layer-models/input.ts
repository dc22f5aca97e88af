// Where data enters a model, and other places in it that a program can name.
import { z } from "zod";
import { UserError } from "../base/errors.js";
import { type InputSpec, type LayerTensor, readOptions } from "../nn/index.js";

const size = z.union([z.int().positive(), z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/), z.null()]);
export const inputSchema = z.strictObject({
  shape: z.array(size).describe("sizes without the batch; null or a name is a size that each batch sets"),
  dtype: z.enum(["float32", "int32"]).default("float32").describe("int32 for ids"),
  name: z
    .string()
    .regex(/^[A-Za-z0-9_.-]+$/)
    .default("")
    .describe("name of the ONNX input"),
});

export type InputOptions = z.input<typeof inputSchema>;

/**
 * A model's input. null is the size named "length".
 *
 * @example
 * const ids = input({ shape: [null], dtype: "int32", name: "input_ids" });
 */
export function input(given: InputOptions): LayerTensor {
  const { shape, dtype, name } = readOptions("input", inputSchema, given);
  const source: InputSpec = { name, dtype, shape: shape.map((dim) => dim ?? "length") };
  return { source, output: "result" };
}

/**
 * The attention weights (batch, heads, queries, keys) of the output of an attention layer or a Transformer block.
 *
 * @example
 * const y = multiHeadAttention({ heads: 2 })(x);
 * const looker = model({ inputs: x, outputs: attentionWeights(y) });
 */
export function attentionWeights(tensor: LayerTensor): LayerTensor {
  if (!("layer" in tensor.source))
    throw new UserError("attentionWeights takes the output of an attention layer, got an input.");
  return { source: tensor.source, output: "attention" };
}
