// Matrices in 8 bits from files: such as stand there in 8 bits, and floats that are brought to 8 bits tensor by tensor as they
// are read. In 8 bits they stand as Python's compressed-tensors has them (format int-quantized): integers under the usual name,
// and a scale for each row, of shape [rows, 1], under that name and "_scale".
import { z } from "zod";
import { UserError } from "../../base/errors.js";
import { firstNotFinite } from "../../formats/finite.js";
import type { ParameterSpec } from "../../nn/index.js";
import { type QuantizedMatrix, quantizeRows } from "../quantized-weights.js";
import { transposed } from "../transposed.js";
import { findTensor, readFloats, type WeightSource } from "./read-weights.js";
import type { WeightFiles } from "./weight-files.js";

export const scalesEnding = "_scale";

const weightsSchema = z.looseObject({
  num_bits: z.literal(8),
  type: z.literal("int"),
  strategy: z.literal("channel"),
  symmetric: z.literal(true),
});
const quantizationSchema = z.looseObject({
  quant_method: z.literal("compressed-tensors"),
  format: z.literal("int-quantized"),
  config_groups: z.record(z.string(), z.looseObject({ weights: weightsSchema })),
});

const integers = { num_bits: 8, type: "int", symmetric: true } as const;
const weights = { ...integers, strategy: "channel", dynamic: false } as const;
/**
 * What stands under quantization_config in config.json of an encoder in 8 bits. Python knows no vectors of tokens in 8 bits: told
 * so, it fails; under a method that it does not know it would take the integers for the numbers themselves.
 */
export const quantizationConfig = {
  quant_method: "compressed-tensors",
  format: "int-quantized",
  quantization_status: "compressed",
  config_groups: {
    products: {
      targets: ["Linear"],
      weights,
      input_activations: { ...integers, strategy: "token", dynamic: true },
    },
    tokens: { targets: ["Embedding"], weights },
  },
  ignore: [],
} satisfies z.input<typeof quantizationSchema>;

/** @throws UserError for weights in a form that is not read */
export function checkQuantization(config: unknown, path: string): void {
  const found = z.looseObject({ quantization_config: z.unknown().optional() }).safeParse(config).data;
  if (found?.quantization_config === undefined || found.quantization_config === null) return;
  if (quantizationSchema.safeParse(found.quantization_config).success) return;
  const method = z.looseObject({ quant_method: z.string() }).safeParse(found.quantization_config).data?.quant_method;
  throw new UserError(
    `${path} describes weights of fewer bits in a form that is not read (quantization_config` +
      `${method === undefined ? "" : `: ${method.slice(0, 40)}`}; read: compressed-tensors, int-quantized, 8 bits by channel). ` +
      "Use the model that it was made from.",
  );
}

export const isQuantized = (files: WeightFiles, tensor: string) => files.shapes.has(tensor + scalesEnding);

/**
 * Kernels (in, out) with a scale for each column, and tables with one for each row.
 *
 * @param before - what stands before the names in the files
 * @throws UserError where a tensor is missing, has another shape or type, or holds a NaN or an infinity
 */
export function readQuantized(
  specs: readonly ParameterSpec[],
  source: (parameter: string) => WeightSource,
  files: WeightFiles,
  before = "",
): Map<string, QuantizedMatrix> {
  const read = new Map<string, QuantizedMatrix>();
  /** Tensors of which parts are still to be read. */
  const kept = new Map<string, { matrix: QuantizedMatrix; left: number }>();
  for (const { name, shape } of specs) {
    const { tensor, own, part, of, isTransposed } = findTensor({ name, shape }, source, files, before);
    const sizes: [number, number] = [own[0] * of, own[1]];
    const whole = kept.get(tensor) ?? { matrix: readMatrix(files, tensor, sizes), left: of };
    whole.left--;
    if (whole.left > 0) kept.set(tensor, whole);
    else kept.delete(tensor);
    const { data, scales } = whole.matrix;
    const [rows, width] = own;
    const rowsOf = data.subarray(part * rows * width, (part + 1) * rows * width);
    read.set(name, {
      shape: [shape[0], shape[1]],
      data: isTransposed ? transposed(rowsOf, rows, width) : rowsOf,
      scales: scales.subarray(part * rows, (part + 1) * rows),
    });
  }
  return read;
}

function readMatrix(files: WeightFiles, tensor: string, [rows, width]: [number, number]): QuantizedMatrix {
  if (!isQuantized(files, tensor)) return quantizeRows(readFloats(files, tensor), [rows, width], tensor);
  const data = files.readArray(tensor);
  const scales = files.read(tensor + scalesEnding);
  if (!(data instanceof Int8Array) || scales?.length !== rows || firstNotFinite(scales) >= 0)
    throw new UserError(
      `${files.fileOf(tensor)} has the tensor '${tensor}' and scales of it, but not ${rows} rows of 8-bit integers with a ` +
        "finite scale each. Download or make the model again.",
    );
  return { shape: [rows, width], data, scales };
}
