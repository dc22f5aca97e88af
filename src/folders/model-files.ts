// The files of a model folder that hold the model itself, whatever its task. metrics.json and report.html come from
// elsewhere.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkFinite } from "../formats/finite.js";
import type { NamedArray } from "../formats/safetensors.js";
import { readSafetensors, writeSafetensors } from "../formats/safetensors-file.js";
import { type Folder, filePath, hasFile, inFile } from "./read-folder.js";
import { copyFiles } from "./write-folder.js";

/** The folder inside a model's folder that holds what it goes on from. */
const basePlace = "base";

export const fileNames = { tokenizer: "tokenizer.json", onnx: "model.onnx", weights: "weights.safetensors" } as const;

/** The stored form of a model. */
export interface ModelFiles {
  /** Plain JSON: stored in the folder's facts under `model`. */
  config: unknown;
  /** weights.safetensors. */
  tensors: ReadonlyMap<string, NamedArray>;
  /** Content of tokenizer.json, for models that have a tokenizer. */
  tokenizer?: string;
  /** Content of model.onnx, for networks: written for other programs, never read. */
  onnx?: Uint8Array;
  /** Files of the model that this one goes on from and cannot answer without: copied to the folder base. */
  base?: { folder: string; files: readonly string[] };
}

/** Writes into a folder that the caller made. */
export function writeModelFiles(folder: string, { tensors, tokenizer, onnx, base }: ModelFiles): void {
  writeSafetensors(join(folder, fileNames.weights), tensors, { format: "pt" });
  if (tokenizer !== undefined) writeFileSync(join(folder, fileNames.tokenizer), tokenizer);
  if (onnx !== undefined) writeFileSync(join(folder, fileNames.onnx), onnx);
  // A copy: the folder answers in years too, on another machine, when the model's cache is gone.
  if (base !== undefined) copyFiles(base.folder, base.files, join(folder, basePlace));
}

/**
 * Reads what a model is made of again, without a look at checksums: inside `whileChecking`. model.onnx is for other programs
 * and not read.
 *
 * @throws UserError when the weights are missing, damaged, or not all finite
 */
export function readModelFiles(folder: Folder<"text-model" | "language-model">): ModelFiles {
  const weights = filePath(folder, fileNames.weights);
  const { model, files } = folder.facts;
  const own = Object.keys(files).flatMap((name) =>
    name.startsWith(`${basePlace}/`) ? [name.slice(basePlace.length + 1)] : [],
  );
  return {
    config: model,
    tensors: inFile(weights, () => {
      const { tensors } = readSafetensors(weights);
      checkFinite(tensors);
      return tensors;
    }),
    ...(hasFile(folder, fileNames.tokenizer) && {
      tokenizer: readFileSync(filePath(folder, fileNames.tokenizer), "utf8"),
    }),
    ...(own.length > 0 && { base: { folder: join(folder.path, basePlace), files: own } }),
  };
}
