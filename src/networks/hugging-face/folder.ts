// How a folder in Hugging Face's layout is told. Loads nothing, as it is asked before most commands.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { readSmallFile } from "../../base/regular-file.js";
import { architectures, isModelType, modelTypeOf } from "../../hub/architectures.js";

export const configName = "config.json";
export const tokenizerName = "tokenizer.json";

/** In bytes. */
const longestConfig = 16 << 20;

const names = [configName, "modules.json", "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin"];

/** A file that is a whole model, told by its name. */
export const isGguf = (path: string) => /\.gguf$/i.test(path) && existsSync(path);

/** A folder in Hugging Face's layout, or a file that is a whole model. */
export function isPretrained(path: string): boolean {
  return isHuggingFaceFolder(path) || isGguf(path);
}

/** Whether a pretrained model writes texts; others are encoders, or none that is known. */
export function writesTexts(path: string): boolean {
  if (isGguf(path)) return true;
  const config = join(path, configName);
  if (!existsSync(config)) return false;
  const type = modelTypeOf(readSmallFile(config, longestConfig).toString("utf8"));
  return isModelType(type) && architectures[type] === "decoder";
}

/** Also one that lacks files: what is missing is told when it is opened. A folder of ours is not asked. */
export function isHuggingFaceFolder(folder: string): boolean {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return false;
  return names.some((name) => existsSync(join(folder, name)));
}
