// The files of a model folder that hold the model itself, whatever its task. metrics.json and report.html come from
// elsewhere.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../base/errors.js";
import type { NamedArray } from "../../formats/safetensors.js";
import { readSafetensors, writeSafetensors } from "../../formats/safetensors-file.js";

export const fileNames = {
  facts: "columnist.json",
  tokenizer: "tokenizer.json",
  onnx: "model.onnx",
  weights: "weights.safetensors",
} as const;

/** Whether a model folder's files include one of this name; others belong to whoever put them there. */
export function isOwnFile(name: string): boolean {
  return ["metrics.json", "report.html", "training-texts.safetensors", ...Object.values<string>(fileNames)].includes(
    name,
  );
}

/** What a model keeps of itself. */
export interface ModelFiles {
  /** Plain JSON: stands in columnist.json under `model`. */
  config: unknown;
  /** weights.safetensors. */
  tensors: ReadonlyMap<string, NamedArray>;
  /** Content of tokenizer.json, for models that have a tokenizer. */
  tokenizer?: string;
  /** Content of model.onnx, for networks. */
  onnx?: Uint8Array;
}

/** Writes into a folder that the caller made. */
export function writeModelFiles(folder: string, facts: object, files: ModelFiles): void {
  const { config, tensors, tokenizer, onnx } = files;
  writeFileSync(join(folder, fileNames.facts), `${JSON.stringify({ ...facts, model: config }, null, 2)}\n`);
  writeSafetensors(join(folder, fileNames.weights), tensors, { format: "pt" });
  if (tokenizer !== undefined) writeFileSync(join(folder, fileNames.tokenizer), tokenizer);
  if (onnx !== undefined) writeFileSync(join(folder, fileNames.onnx), onnx);
}

/**
 * @param config what columnist.json has under `model`
 * @throws UserError when the weights are missing or damaged
 */
export function readModelFiles(folder: string, config: unknown): ModelFiles {
  const weights = join(folder, fileNames.weights);
  checkThere(folder, fileNames.weights);
  return {
    config,
    tensors: inFile(weights, () => readSafetensors(weights).tensors),
    ...optional(folder, fileNames.tokenizer, (bytes) => ({ tokenizer: bytes.toString("utf8") })),
    ...optional(folder, fileNames.onnx, (onnx) => ({ onnx })),
  };
}

/** What `read` has against the content is said of the file at `path`. */
export function inFile<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${path}: ${error.message}`, { cause: error });
  }
}

export function checkThere(folder: string, name: string): void {
  if (!existsSync(join(folder, name)))
    throw new UserError(`The model folder '${folder}' lacks ${name}. Copy the whole folder again or train again.`);
}

export function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${path} is damaged: it is not JSON. Copy the folder again or train again.`, { cause: error });
  }
}

function optional<T>(folder: string, name: string, read: (bytes: Buffer) => T): T | undefined {
  return existsSync(join(folder, name)) ? read(readFileSync(join(folder, name))) : undefined;
}
