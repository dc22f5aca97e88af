// An encoder's folder with its matrices in 8 bits, in the same layout and under the same names (see read-quantized.ts).
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../../base/errors.js";
import { copyFiles } from "../../folders/index.js";
import type { NamedArray } from "../../formats/safetensors.js";
import { writeSafetensors } from "../../formats/safetensors-file.js";
import { quantizeEncoder } from "../encoders/eight-bit.js";
import { transposed } from "../transposed.js";
import { encoderArchitectures } from "./encoder-architectures.js";
import { configName } from "./folder.js";
import { readJson } from "./json-file.js";
import type { PretrainedEncoder } from "./read-encoder.js";
import { quantizationConfig, scalesEnding } from "./read-quantized.js";
import { sourceOf } from "./read-weights.js";
import { readSentenceModules } from "./sentence-transformers.js";

/** Told by the model's owner alone, and kept: what it is, and what may be done with it. */
export const eightBitPapers = ["README.md", "LICENSE", "LICENSE.txt", "LICENSE.md", "NOTICE"];

/**
 * @param from - the folder that the model was read from
 * @param target - empty, or not there yet
 * @returns the files that another folder needs to be the same encoder
 * @throws UserError for a NaN or an infinity among the weights
 */
export function writeEightBitEncoder(model: PretrainedEncoder, from: string, target: string): string[] {
  const { transformer, files } = model;
  const within = (name: string) => (transformer === "" ? name : `${transformer}/${name}`);
  const isWeights = (name: string) =>
    dirname(name) === (transformer || ".") && /\.safetensors(\.index\.json)?$/.test(name);
  const kept = files.filter((name) => name !== within(configName) && !isWeights(name));
  copyFiles(from, [...kept, ...eightBitPapers.filter((name) => existsSync(join(from, name)))], target);
  const config = readJson(join(from, within(configName))) as object;
  const written = { ...config, quantization_config: quantizationConfig };
  mkdirSync(join(target, transformer), { recursive: true });
  writeFileSync(join(target, within(configName)), `${JSON.stringify(written, null, 2)}\n`);
  writeSafetensors(join(target, within("model.safetensors")), tensorsOf(model), { format: "pt" });
  return [...kept, within(configName), within("model.safetensors")];
}

/** Whether a folder is such a one. Its files may lack. */
export function isEightBitFolder(folder: string): boolean {
  try {
    const { transformer } = readSentenceModules(folder);
    const config = readJson(join(folder, transformer, configName)) as { quantization_config?: unknown } | undefined;
    return JSON.stringify(config?.quantization_config) === JSON.stringify(quantizationConfig);
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** Of the Transformer, in 8 bits. */
function tensorsOf(model: PretrainedEncoder): Map<string, NamedArray> {
  const { weights, quantized } = quantizeEncoder(model);
  const { names } = encoderArchitectures[model.type];
  const found = new Map<string, NamedArray[]>();
  const put = (tensor: string, part: number, numbers: NamedArray) => {
    const parts = found.get(tensor) ?? [];
    parts[part] = numbers;
    found.set(tensor, parts);
  };
  for (const [name, { shape, data }] of weights) {
    // Modules of the vector stand in folders of their own.
    if (name.startsWith("vector/")) continue;
    const { names: tensors, part } = sourceOf(name, names);
    put(tensors[0], part, { shape, data });
  }
  for (const [name, { shape, data, scales }] of quantized) {
    const { names: tensors, part, isTransposed } = sourceOf(name, names);
    const [rows, columns] = shape;
    const own: NamedArray = isTransposed
      ? { shape: [columns, rows], data: transposed(data, rows, columns) }
      : { shape, data };
    put(tensors[0], part, own);
    put(tensors[0] + scalesEnding, part, { shape: [scales.length, 1], data: scales });
  }
  return new Map([...found].map(([tensor, parts]) => [tensor, parts.length === 1 ? parts[0] : joinRows(parts)]));
}

/** Parts of a tensor follow each other as its rows. */
function joinRows(parts: readonly NamedArray[]): NamedArray {
  const length = parts.reduce((sum, { data }) => sum + data.length, 0);
  const data = new (parts[0].data.constructor as new (length: number) => Float32Array)(length);
  let [rows, at] = [0, 0];
  for (const part of parts) {
    data.set(part.data as Float32Array, at);
    at += part.data.length;
    rows += part.shape[0];
  }
  return { shape: [rows, ...parts[0].shape.slice(1)], data };
}
