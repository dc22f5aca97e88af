// How a folder in Hugging Face's layout is told. Loads nothing, as it is asked before most commands.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

export const configName = "config.json";
export const tokenizerName = "tokenizer.json";

export function isHuggingFaceFolder(folder: string): boolean {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return false;
  return [configName, "modules.json", tokenizerName].some((name) => existsSync(join(folder, name)));
}
