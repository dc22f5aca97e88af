// The folder of one model in the cache: models--<organisation>--<name>/{refs/<revision>,snapshots/<commit>/<file>,blobs/<hash>}.
// https://huggingface.co/docs/huggingface_hub/guides/manage-cache
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { readSmallFile } from "../base/regular-file.js";
import { cacheFolder } from "./environment.js";

export const defaultRevision = "main";

const prefix = "models--";

export const repositoryFolder = (id: string): string => join(cacheFolder(), prefix + id.replace("/", "--"));

/** The ids of all models in the cache that have files, in alphabetical order. */
export function cachedIds(): string[] {
  return entriesOf(cacheFolder())
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length).replace("--", "/"))
    .filter((id) => commitsOf(id).length > 0)
    .sort();
}

/** The commits whose files are in the cache. */
export const commitsOf = (id: string): string[] => entriesOf(join(repositoryFolder(id), "snapshots"));

export const snapshotFolder = (id: string, commit: string): string => join(repositoryFolder(id), "snapshots", commit);

/** A commit and a newline, in bytes. */
const longestRef = 1 << 10;

/** The commit of a branch, a tag or a commit; undefined where its files are not in the cache. */
export function commitOf(id: string, revision: string): string | undefined {
  const ref = join(repositoryFolder(id), "refs", ...revision.split("/"));
  const commit = isFile(ref) ? readSmallFile(ref, longestRef).toString("utf8").trim() : revision;
  return commitsOf(id).includes(commit) ? commit : undefined;
}

/** The branches and tags of a commit. */
export function revisionsOf(id: string, commit: string): string[] {
  const refs = join(repositoryFolder(id), "refs");
  return filesBelow(refs, 3).filter(
    (name) => readSmallFile(join(refs, name), longestRef).toString("utf8").trim() === commit,
  );
}

/** The paths of a folder's files, with forward slashes; links that lead nowhere are left out. */
export function filesBelow(folder: string, depth: number, way = ""): string[] {
  return entriesOf(join(folder, way)).flatMap((entry) => {
    const name = way === "" ? entry : `${way}/${entry}`;
    const status = statSync(join(folder, name), { throwIfNoEntry: false });
    if (status?.isFile()) return [name];
    return status?.isDirectory() && depth > 1 ? filesBelow(folder, depth - 1, name) : [];
  });
}

function entriesOf(folder: string): string[] {
  return existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder).sort() : [];
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() === true;
