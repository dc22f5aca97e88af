// What <model> means, everywhere: a folder in Hugging Face's layout, a folder of ours, the id of something in the Hub's cache, or
// a .gguf file. Reads only; nothing is downloaded.
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../base/errors.js";
import { readSmallFile } from "../base/regular-file.js";
import { shellWord } from "../base/shell-word.js";
import { editDistance } from "../base/suggest.js";
import { tellFolder } from "../folders/index.js";
import { cacheFolder } from "./environment.js";
import { isGguf, type ModelName, parseModelName, showModelName } from "./model-name.js";
import { cachedIds, commitOf, commitsOf, defaultRevision, filesBelow, snapshotFolder } from "./repository.js";

export interface FoundModel {
  /** Of the folder or of the .gguf file. */
  path: string;
  kind: "folder" | "gguf";
  /** Of a model in the cache. */
  id?: string;
  /** The commit of a model in the cache. */
  revision?: string;
}

/** Folders are looked into this deep: sentence-transformers had the network in 0_Transformer, onnx/ is another. */
const depth = 2;
/** As many ids are named when one is not found. */
const mostNamed = 3;

/**
 * Finds a model by what a user typed. A path that exists goes before an id.
 *
 * @param name a folder, a .gguf file, or `<id>[/<file>.gguf][@<revision>]`
 * @throws UserError when there is none, when it has no weights that can be read safely, or when it has several .gguf files
 * @example
 * findModel("sentence-transformers/all-MiniLM-L6-v2").path; // ~/.cache/huggingface/hub/models--…/snapshots/<commit>
 */
export function findModel(name: string): FoundModel {
  if (existsSync(name)) return onDisk(name);
  const parsed = parseModelName(name);
  if (!parsed || isPath(name))
    throw new UserError(`There is no folder or .gguf file '${name}'. Check the path, or specify ${anotherModel()}`);
  return inCache(parsed);
}

/** Whether the cache has a model of the id in such a name, whatever its revision. */
export function isCached(name: string): boolean {
  const parsed = parseModelName(name);
  return parsed !== undefined && commitsOf(parsed.id).length > 0;
}

function onDisk(path: string): FoundModel {
  if (!statSync(path).isDirectory()) {
    if (isGguf(path)) return { path, kind: "gguf" };
    throw new UserError(
      `'${path}' is a file, and not a .gguf file. Specify the folder of the model (${dirname(path)}), a .gguf file, or ` +
        anotherModel(),
    );
  }
  // Our own readers say what is wrong with our own folders.
  if (tellFolder(path)) return { path, kind: "folder" };
  return { path, ...weightsOf(path, `'${path}'`, "Copy the whole folder again.") };
}

function inCache(name: ModelName): FoundModel {
  const { id, revision = defaultRevision, file } = name;
  const commits = commitsOf(id);
  if (commits.length === 0) throw notInCache(name);
  const commit = commitOf(id, revision);
  if (commit === undefined)
    throw new UserError(
      `Revision '${revision}' of ${id} is not in the cache. Download it: columnist pull ${shellWord(showModelName(name))}\n` +
        `In the cache: ${commits.map((one) => `${id}@${one}`).join(", ")}`,
    );
  const folder = snapshotFolder(id, commit);
  const remedy = `Download it: columnist pull ${shellWord(showModelName(name))}`;
  if (file === undefined)
    return { path: folder, ...weightsOf(folder, showModelName(name), remedy), id, revision: commit };
  if (filesBelow(folder, depth + 1).includes(file))
    return { path: join(folder, file), kind: "gguf", id, revision: commit };
  throw new UserError(`The file ${file} of ${id} is not in the cache. ${remedy}`);
}

/** What a folder's weights are. @throws UserError when there are none, or none that can be read safely */
function weightsOf(folder: string, name: string, remedy: string): { kind: FoundModel["kind"]; path?: string } {
  const files = filesBelow(folder, depth);
  if (files.some((file) => /\.(safetensors|onnx)$/.test(file))) {
    const missing = missingShards(folder, files);
    if (missing.length === 0) return { kind: "folder" };
    throw new UserError(`${name} is incomplete: ${missing.join(", ")} missing. ${remedy}`);
  }
  const gguf = files.filter(isGguf);
  if (gguf.length === 1) return { kind: "gguf", path: join(folder, gguf[0]) };
  if (gguf.length > 1)
    throw new UserError(`${name} has several .gguf files. Specify one after a slash: ${gguf.join(", ")}`);
  const pickle = files.find((file) => /\.(bin|pt|pth|ckpt|pkl|h5|msgpack)$/.test(file));
  if (pickle !== undefined)
    throw new UserError(
      `${name} has its weights only as ${pickle}, which is never opened: such files can run programs. ${safeWeights}`,
    );
  throw new UserError(
    files.includes("config.json")
      ? `${name} is incomplete: its weights (model.safetensors) are missing. ${remedy}`
      : `${name} is not a model: it has no config.json with a model.safetensors, no .gguf file and no columnist.json. ` +
          `Specify ${anotherModel()}`,
  );
}

export const safeWeights =
  "Choose a model or a revision with model.safetensors, or convert it with Python's transformers " +
  "(save_pretrained writes model.safetensors).";

/** In bytes. */
const longestIndex = 64 << 20;

/** Files that an index of shards names and that are not there. */
function missingShards(folder: string, files: readonly string[]): string[] {
  return files
    .filter((file) => file.endsWith(".safetensors.index.json"))
    .flatMap((index) => {
      const way = index.includes("/") ? `${dirname(index)}/` : "";
      return shardsOf(readSmallFile(join(folder, index), longestIndex).toString("utf8")).map((shard) => way + shard);
    })
    .filter((shard) => !files.includes(shard));
}

/** The files that the text of a model.safetensors.index.json names; none where it is damaged, which its reader tells. */
export function shardsOf(index: string): string[] {
  try {
    const { weight_map: map } = JSON.parse(index) as { weight_map?: Record<string, unknown> };
    return [...new Set(Object.values(map ?? {}).filter((file) => typeof file === "string"))].sort();
  } catch {
    return [];
  }
}

function notInCache(name: ModelName): UserError {
  const near = nearestIds(name.id);
  const others = near.length === 0 ? "" : `\nThe nearest in the cache: ${near.join(", ")}`;
  return new UserError(
    `There is no folder '${showModelName(name)}', and no model of this id in the cache (${cacheFolder()}). Download it: ` +
      `columnist pull ${shellWord(showModelName(name))}${others}`,
  );
}

/** By the whole id or by the name alone, whichever is nearer. */
function nearestIds(id: string): string[] {
  const nameOf = (one: string) => one.slice(one.indexOf("/") + 1).toLowerCase();
  const distance = (one: string) =>
    Math.min(editDistance(id.toLowerCase(), one.toLowerCase()), editDistance(nameOf(id), nameOf(one)));
  return cachedIds()
    .map((one) => ({ one, away: distance(one) }))
    .sort((a, b) => a.away - b.away)
    .slice(0, mostNamed)
    .map(({ one }) => one);
}

const isPath = (name: string) => /^(\.{0,2}[/\\]|~)/.test(name) || (isGguf(name) && name.split("/").length < 3);

const anotherModel = () => "the id of a model in the cache (columnist models lists them).";
