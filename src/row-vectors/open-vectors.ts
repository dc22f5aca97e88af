// Vectors of words or tokens, wherever they are: a folder of ours, static vectors in Hugging Face's layout, by their id in the
// Hub's cache too, or a file.
import { existsSync, statSync } from "node:fs";
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { readWordVectors } from "../embeddings/read-vectors.js";
import type { WordVectors } from "../embeddings/word-vectors.js";
import { tellFolder } from "../folders/index.js";
import { isHuggingFaceFolder } from "../networks/hugging-face/folder.js";
import { isStaticFolder, readStaticVectors } from "../networks/hugging-face/static-vectors.js";
import { vectorsPath } from "./find-vectors.js";

/**
 * @param onMessage - as for `readWordVectors`
 * @throws UserError when there are no vectors at the path, or they are damaged; and for an encoder, whose vectors are not those of
 * words
 * @example
 * const vectors = await openVectors("minishlab/potion-base-8M");
 */
export async function openVectors(name: string, onMessage?: (message: string) => void): Promise<WordVectors> {
  const path = vectorsPath(name);
  const isFolder = existsSync(path) && statSync(path).isDirectory() && !tellFolder(path);
  if (isFolder && isStaticFolder(path)) return readStaticVectors(path);
  if (isFolder && isHuggingFaceFolder(path))
    throw new UserError(
      `'${name}' is a pretrained network, which has no vectors of words: what it makes of a word depends on the text around it. ` +
        `Make some of an encoder: columnist distil ${name}. Or give the encoder itself with ${option("base")}.`,
    );
  return readWordVectors(path, onMessage);
}
