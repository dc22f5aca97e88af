// The files of a trained language model, written into a folder that the caller made; metrics.json and report.html come
// from elsewhere.
import { type ModelFiles, writeModelFiles } from "../folder/index.js";
import type { FolderFacts } from "./folder-facts.js";

export function writeLanguageModelFiles(folder: string, facts: Omit<FolderFacts, "model">, files: ModelFiles): void {
  writeModelFiles(folder, facts, files);
}
