// What `with` names: word vectors or a folder by its path, or a model of the Hub's cache by its id. Loads no reader.
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { findModel, isCached } from "../hub/index.js";

/**
 * The path of what was named. A path that is not there is left to its reader, unless it can only be an id.
 *
 * @throws UserError when it looks like an id, and the cache has no such model
 * @example
 * vectorsPath("glove.txt"); // "glove.txt"
 * vectorsPath("BAAI/bge-small-en-v1.5"); // ~/.cache/huggingface/hub/models--…/snapshots/<commit>
 */
export function vectorsPath<Name extends string | undefined>(name: Name): Name | string {
  if (name === undefined || existsSync(name) || !(isCached(name) || looksLikeId(name))) return name;
  const { path, kind } = findModel(name);
  if (kind === "folder") return path;
  throw new UserError(
    `'${name}' is a GGUF file, which has no row vectors. Specify an encoder with ${option("with")}: columnist models lists those ` +
      "that you have.",
  );
}

/** organisation/name, and neither a file in a folder that is there nor one of word vectors. */
function looksLikeId(name: string): boolean {
  if (!/^\w[\w.-]*\/[\w.-]+(@[\w./-]+)?$/.test(name)) return false;
  return !existsSync(dirname(name)) && !/\.(txt|vec|bin|gz|csv|tsv|magnitude)$/i.test(name);
}
