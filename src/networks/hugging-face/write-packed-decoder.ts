// A decoder's folder with its matrices in few bits, in the same layout and under the same names (see packed-blocks.ts).
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../base/errors.js";
import { copyFiles } from "../../folders/index.js";
import { type BlockMatrix, isBlockMatrix } from "../../formats/block-matrix.js";
import type { NamedArray } from "../../formats/safetensors.js";
import { writeSafetensors } from "../../formats/safetensors-file.js";
import type { DecoderWeights, FloatWeight } from "../language/decoder-weights.js";
import { type DecoderType, decoderArchitectures } from "./decoder-architectures.js";
import { configName, tokenizerName } from "./folder.js";
import { readJson } from "./json-file.js";
import { packedConfig, packedTensors } from "./packed-blocks.js";
import { sourceOf } from "./read-weights.js";
import { openWeightFiles } from "./weight-files.js";
import { eightBitPapers } from "./write-eight-bit.js";
import { theirWeights } from "./write-weights.js";

/** What a decoder reads beside config.json and its weights. */
const beside = [tokenizerName, "tokenizer_config.json", "generation_config.json", "chat_template.jinja"];
const weightsName = "model.safetensors";

/** What such a folder has beside the layout's own files. */
export const packedPapers = [...eightBitPapers, "chat_template.jinja"];

/**
 * @param weights - rounded ones, of the model in the folder `from`
 * @param target - empty
 */
export function writePackedDecoder(
  { type, weights }: { type: string; weights: DecoderWeights },
  bits: number,
  from: string,
  target: string,
): void {
  const kept = [...beside, ...eightBitPapers].filter((name) => existsSync(join(from, name)));
  copyFiles(from, kept, target);
  const config = readJson(join(from, configName)) as object;
  const written = { ...config, quantization_config: packedConfig(bits) };
  writeFileSync(join(target, configName), `${JSON.stringify(written, null, 2)}\n`);
  writeSafetensors(join(target, weightsName), tensorsOf(type as DecoderType, weights), { format: "pt" });
}

/** The files that are a decoder. @throws UserError where there are no weights */
export function decoderFiles(folder: string): string[] {
  const weights = openWeightFiles(folder);
  weights.close();
  return [configName, ...beside].filter((name) => existsSync(join(folder, name))).concat(weights.names);
}

/** Whether a folder is such a one. Its files may lack. */
export function isPackedFolder(folder: string): boolean {
  try {
    const { quantization_config: found } = (readJson(join(folder, configName)) ?? {}) as {
      quantization_config?: unknown;
    };
    return [4, 8].some((bits) => JSON.stringify(found) === JSON.stringify(packedConfig(bits)));
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

function tensorsOf(type: DecoderType, weights: DecoderWeights): Map<string, NamedArray> {
  const { names } = decoderArchitectures[type];
  const floats = new Map<string, FloatWeight>();
  const packed = new Map<string, BlockMatrix[]>();
  const isTurned = new Map<string, boolean>();
  for (const [name, weight] of weights) {
    if (!isBlockMatrix(weight)) {
      floats.set(name, weight);
      continue;
    }
    const { names: theirs, part, isTransposed } = sourceOf(name, names);
    const parts = packed.get(theirs[0]) ?? [];
    parts[part] = weight;
    packed.set(theirs[0], parts);
    isTurned.set(theirs[0], name.endsWith("/kernel") && !isTransposed);
  }
  const all = [...theirWeights(floats, names)];
  for (const [tensor, parts] of packed) {
    const size = [parts.reduce((sum, { rows }) => sum + rows, 0), parts[0].columns];
    all.push(...packedTensors(tensor, parts, isTurned.get(tensor) ? size.reverse() : size));
  }
  // The head stands beside what has the prefix.
  return new Map(all.map(([name, tensor]) => [name.startsWith("lm_head.") ? name : names.prefix + name, tensor]));
}
