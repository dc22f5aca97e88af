// Matrices of few bits in safetensors, as Python's compressed-tensors packs them (format pack-quantized, groups of 32): of the
// tensor "x.weight" the integers stand in "x.weight_packed" (rows, numbers of 32 bits), from the lowest bits on and without a sign, scales in
// "x.weight_scale" (rows, groups), its own shape in "x.weight_shape". Rows are outputs, also where the tensor's own shape is turned.
import { z } from "zod";
import { UserError } from "../../base/errors.js";
import { type BlockMatrix, blocksOf, joinRows } from "../../formats/block-matrix.js";
import { firstNotFinite } from "../../formats/finite.js";
import type { NamedArray } from "../../formats/safetensors.js";
import { elementCount } from "../../graph/index.js";
import type { ParameterSpec } from "../../nn/index.js";
import type { FoundTensor } from "./read-weights.js";
import type { WeightFiles } from "./weight-files.js";

const ending = { packed: "_packed", scale: "_scale", shape: "_shape" } as const;
/** Numbers that share a scale. */
const group = 32;

const weightsSchema = z.looseObject({
  num_bits: z.union([z.literal(4), z.literal(8)]),
  type: z.literal("int"),
  strategy: z.literal("group"),
  group_size: z.literal(group),
  symmetric: z.literal(true),
});
const schema = z.looseObject({
  quant_method: z.literal("compressed-tensors"),
  format: z.literal("pack-quantized"),
  config_groups: z.looseObject({
    products: z.looseObject({ weights: weightsSchema }),
    tokens: z.looseObject({ weights: weightsSchema }),
  }),
});

/** What stands under quantization_config in config.json. Python knows no vectors of tokens in few bits: told so, it fails. */
export function packedConfig(bits: number): z.input<typeof schema> {
  const weights = (own: number) =>
    ({
      num_bits: own as 4 | 8,
      type: "int",
      strategy: "group",
      group_size: group,
      symmetric: true,
      dynamic: false,
    }) as const;
  return {
    quant_method: "compressed-tensors",
    format: "pack-quantized",
    quantization_status: "compressed",
    config_groups: {
      products: { targets: ["Linear"], weights: weights(bits) },
      tokens: { targets: ["Embedding"], weights: weights(8) },
    },
    ignore: [],
  };
}

/** Bits of the products' weights; undefined for floats. @throws UserError for weights in a form that is not read */
export function packedBits(config: unknown, path: string): number | undefined {
  const found = z.looseObject({ quantization_config: z.unknown() }).safeParse(config).data?.quantization_config;
  if (found === undefined || found === null) return undefined;
  const read = schema.safeParse(found).data;
  if (read) return read.config_groups.products.weights.num_bits;
  const method = z.looseObject({ quant_method: z.string() }).safeParse(found).data?.quant_method;
  throw new UserError(
    `${path} describes weights of fewer bits in a form that is not read (quantization_config` +
      `${method === undefined ? "" : `: ${method.slice(0, 40)}`}). Use the model that it was made from, or a GGUF file of it.`,
  );
}

/** The tensors of a matrix, whose parts follow each other as rows. @param shape - of the tensor that they stand for */
export function packedTensors(
  tensor: string,
  parts: readonly BlockMatrix[],
  shape: readonly number[],
): [string, NamedArray][] {
  const { codes, scales, rows, columns, bits } = joinRows(parts);
  const blocks = blocksOf({ columns, block: group });
  const packed = new Int32Array(codes.buffer, codes.byteOffset, codes.byteLength / 4);
  return [
    [tensor + ending.packed, { shape: [rows, (blocks * group * bits) / 32], data: packed }],
    [tensor + ending.scale, { shape: [rows, blocks], data: scales }],
    [tensor + ending.shape, { shape: [2], data: BigInt64Array.from(shape, BigInt) }],
  ];
}

export interface PackedFiles {
  /** Tensors that are packed stand among the others, with their own shapes. */
  files: WeightFiles;
  /** Of a parameter whose tensor is packed; undefined for all others. @throws UserError where it is damaged */
  readBlocks(found: FoundTensor, parameter: Pick<ParameterSpec, "name" | "shape">): BlockMatrix | undefined;
}

export function packedFiles(files: WeightFiles): PackedFiles {
  const shapes = new Map(files.shapes);
  for (const name of files.shapes.keys()) {
    if (!name.endsWith(ending.shape) || files.shapes.get(name)!.join() !== "2") continue;
    const sizes = files.readArray(name);
    if (sizes instanceof BigInt64Array && sizes.length === 2)
      shapes.set(name.slice(0, -ending.shape.length), Array.from(sizes, Number));
  }
  return {
    files: { ...files, shapes },
    readBlocks({ tensor, part, of }, { name, shape }) {
      if (!files.shapes.has(tensor + ending.packed)) return undefined;
      const [rows, columns] = name.endsWith("/kernel") ? [shape[1], shape[0]] : shape;
      const blocks = blocksOf({ columns, block: group });
      // Sizes first: a stranger's tensor may be larger than memory.
      const sizeOf = (name: string) => elementCount(files.shapes.get(name) ?? []);
      const isSized =
        [4, 8].includes(sizeOf(tensor + ending.packed) / (rows * of * blocks)) &&
        sizeOf(tensor + ending.scale) === rows * of * blocks;
      const [packed, scales] = isSized
        ? [files.readArray(tensor + ending.packed), files.readArray(tensor + ending.scale)]
        : [];
      const bits = packed instanceof Int32Array ? packed.length / (rows * of * blocks) : 0;
      const isWhole = (bits === 4 || bits === 8) && scales instanceof Float32Array;
      if (!isWhole || scales.length !== rows * of * blocks || firstNotFinite(scales) >= 0)
        throw new UserError(
          `${files.fileOf(tensor + ending.packed)} has the tensor '${tensor}' in few bits, but not ${rows * of} rows of ${columns} ` +
            "numbers with finite scales. Download or make the model again.",
        );
      const codes = new Uint8Array((packed as Int32Array).buffer, packed!.byteOffset, packed!.byteLength);
      const length = rows * blocks;
      return {
        ...{ bits, block: group, rows, columns },
        codes: codes.slice(part * length * 4 * bits, (part + 1) * length * 4 * bits),
        scales: scales.slice(part * length, (part + 1) * length),
      };
    },
  };
}
