// The files of a trained classifier, written into a folder that the caller made.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeSafetensors } from "../../formats/safetensors.js";
import type { ModelFiles } from "./family.js";
import type { FolderFacts } from "./folder-facts.js";

export const fileNames = {
  facts: "columnist.json",
  tokenizer: "tokenizer.json",
  onnx: "model.onnx",
  weights: "weights.safetensors",
} as const;

/** Everything of the model itself; metrics.json and report.html come from elsewhere. */
export function writeModelFiles(folder: string, facts: Omit<FolderFacts, "model">, files: ModelFiles): void {
  const { config, tensors, tokenizer, onnx } = files;
  writeFileSync(join(folder, fileNames.facts), `${JSON.stringify({ ...facts, model: config }, null, 2)}\n`);
  writeFileSync(join(folder, fileNames.weights), encodeSafetensors(tensors, { format: "pt" }));
  if (tokenizer !== undefined) writeFileSync(join(folder, fileNames.tokenizer), tokenizer);
  if (onnx !== undefined) writeFileSync(join(folder, fileNames.onnx), onnx);
}
