// The files of a model folder that hold the model itself, whatever its task. metrics.json and report.html come from
// elsewhere.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
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
  /** Models that this one consists of, which have folders of their own inside; their `config` stands in that of this one. */
  members?: readonly ModelFiles[];
}

/** Of an ensemble. */
export const mostMembers = 16;
const memberPlace = (member: number) => `member-${member + 1}`;

/** Writes into a folder that the caller made. */
export function writeModelFiles(folder: string, { tensors, tokenizer, onnx, base, members = [] }: ModelFiles): void {
  writeSafetensors(join(folder, fileNames.weights), tensors, { format: "pt" });
  if (tokenizer !== undefined) writeFileSync(join(folder, fileNames.tokenizer), tokenizer);
  if (onnx !== undefined) writeFileSync(join(folder, fileNames.onnx), onnx);
  // A copy: the folder answers in years too, on another machine, when the model's cache is gone.
  if (base !== undefined) copyFiles(base.folder, base.files, join(folder, basePlace));
  for (const [i, member] of members.entries()) {
    mkdirSync(join(folder, memberPlace(i)));
    writeModelFiles(join(folder, memberPlace(i)), member);
  }
}

/**
 * Reads what a model is made of again, without a look at checksums: inside `whileChecking`. model.onnx is for other programs
 * and not read.
 *
 * @throws UserError when the weights are missing, damaged, or not all finite
 */
export function readModelFiles(folder: Folder<"text-model" | "language-model">): ModelFiles {
  const files = readPart(folder, "", folder.facts.model);
  const configs = (folder.facts.model as { members?: unknown } | null)?.members;
  if (!Array.isArray(configs) || !hasFile(folder, `${memberPlace(0)}/${fileNames.weights}`)) return files;
  const members = configs
    .slice(0, mostMembers)
    .map((member, i) => readPart(folder, `${memberPlace(i)}/`, (member as { config?: unknown } | null)?.config));
  return { ...files, members };
}

/** @param place of the part inside the folder */
function readPart(folder: Folder<"text-model" | "language-model">, place: string, config: unknown): ModelFiles {
  const weights = filePath(folder, place + fileNames.weights);
  const base = `${place}${basePlace}/`;
  const own = Object.keys(folder.facts.files).flatMap((name) =>
    name.startsWith(base) ? [name.slice(base.length)] : [],
  );
  return {
    config,
    tensors: inFile(weights, () => {
      const { tensors } = readSafetensors(weights);
      checkFinite(tensors);
      return tensors;
    }),
    ...(hasFile(folder, place + fileNames.tokenizer) && {
      tokenizer: readFileSync(filePath(folder, place + fileNames.tokenizer), "utf8"),
    }),
    ...(own.length > 0 && { base: { folder: join(folder.path, base), files: own } }),
  };
}
