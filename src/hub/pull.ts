// Brings a model from the Hub into the cache. The only thing in Columnist that uses the network.
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statfsSync,
  symlinkSync,
} from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { z } from "zod";
import { fileAside, writeFileWhole } from "../base/atomic.js";
import { counted } from "../base/counted.js";
import { CancelledError, UserError } from "../base/errors.js";
import { showBytes } from "../base/show-bytes.js";
import type { WorkflowWatch } from "../base/watch.js";
import { checkArchitecture } from "./architectures.js";
import { isWhole, leftParts } from "./blob-file.js";
import { chooseFiles } from "./choose-files.js";
import { type Connection, connect } from "./connection.js";
import { diskFault, downloadBlob } from "./download-blob.js";
import { cacheFolder, isOffline } from "./environment.js";
import { type FoundModel, findModel } from "./find-model.js";
import { expectModelName, isGguf, showModelName } from "./model-name.js";
import { defaultRevision, repositoryFolder, snapshotFolder } from "./repository.js";
import { completed, fileAddress, type RemoteFile, repositoryInfo } from "./repository-info.js";

export const pullOptionsSchema = z.object({
  file: z.string().min(1).optional().meta({
    description: "one .gguf or .onnx file of the model, where it has several",
    value: "path",
    expects: "the path of a file",
  }),
});
export type PullOptions = z.input<typeof pullOptionsSchema>;

export interface PulledModel extends FoundModel {
  /** What commands take. */
  name: string;
  id: string;
  /** The commit. */
  revision: string;
  files: { path: string; bytes: number }[];
  /** Of all files. */
  bytes: number;
  /** Bytes that were not in the cache yet. */
  downloaded: number;
}

/** Room that a disk should keep, in bytes. */
const reserve = 10 << 20;

/**
 * Downloads a model of the Hub into the cache that Python's libraries use too (HF_HUB_CACHE, HF_HOME), or what is missing of it,
 * and checks the size and the hash of every file. A pull that was interrupted goes on where it stopped; until all files are
 * whole, what the cache had before stays as it was.
 *
 * @param name `<id>[/<file>.gguf][@<revision>]`
 * @throws UserError when there is no such model, it has no weights that can be read safely, its architecture is not known, or the
 * network, the server or the disk fails; CancelledError after an abort. What was downloaded is kept for the next time.
 * @example
 * const { path } = await pullModel("sentence-transformers/all-MiniLM-L6-v2");
 */
export async function pullModel(
  name: string,
  options: PullOptions = {},
  watch: WorkflowWatch = {},
): Promise<PulledModel> {
  return pullThrough(connect(watch), name, options);
}

export async function pullThrough(
  connection: Connection,
  name: string,
  options: PullOptions = {},
): Promise<PulledModel> {
  const parsed = expectModelName(name);
  const file = pullOptionsSchema.parse(options).file ?? parsed.file;
  const { id, revision = defaultRevision } = parsed;
  if (isOffline())
    throw new UserError(
      "HF_HUB_OFFLINE is set, so nothing is downloaded. Unset it to pull; columnist models lists what is there.",
    );
  try {
    const info = await repositoryInfo(connection, id, revision);
    const { commit } = info;
    const files: RemoteFile[] = [];
    for (const listed of chooseFiles(id, info.files, file))
      files.push(await completed(connection, listed, fileAddress(id, commit, listed.path)));
    const missing = files.filter((one) => !isInCache(id, commit, one));
    const downloaded = await downloadFiles(connection, id, commit, missing);
    for (const one of files) link(id, commit, one);
    if (revision !== commit) writeFileWhole(join(repositoryFolder(id), "refs", ...revision.split("/")), commit);
    const ofFile = file !== undefined && isGguf(file) ? { file } : {};
    const found = findModel(showModelName({ id, revision: commit, ...ofFile }));
    const sizes = files.map(({ path, bytes }) => ({ path, bytes }));
    const shown = showModelName({ id, revision: parsed.revision, ...ofFile });
    return { name: shown, ...found, id, revision: commit, files: sizes, bytes: sum(files), downloaded };
  } catch (error) {
    if (!(error instanceof CancelledError)) throw diskFault(error);
    throw new CancelledError("Stopped. What was downloaded is kept: run the same command again to go on.", {
      cause: error,
    });
  }
}

const sum = (files: readonly { bytes: number }[]) => files.reduce((total, { bytes }) => total + bytes, 0);

/** Small files first: they say whether the large ones are of use. @returns the bytes that came */
async function downloadFiles(
  connection: Connection,
  id: string,
  commit: string,
  files: readonly RemoteFile[],
): Promise<number> {
  if (files.length === 0) return 0;
  const { watch, endpoint } = connection;
  checkRoom(id, files);
  watch.onMessage?.(`${id}: ${counted(files.length, "file")}, ${showBytes(sum(files))}, from ${endpoint}`);
  // Of what has to come: bytes that an earlier pull left took no time now.
  let [done, total] = [0, sum(files)];
  for (const file of [...files].sort((a, b) => a.bytes - b.bytes || (a.path < b.path ? -1 : 1))) {
    const tell = (bytes: number, isNew: boolean) => {
      if (isNew) done += bytes;
      else total -= bytes;
      watch.onProgress?.({ stage: "downloading", done, total, note: file.path });
    };
    await downloadBlob(connection, fileAddress(id, commit, file.path), blobPath(id, file), file, tell);
    const isDescription = /^(0_\w+\/)?config\.json$/.test(file.path);
    // A graph of any architecture serves.
    if (isDescription && files.some(({ path }) => path.endsWith(".safetensors")))
      checkArchitecture(id, readFileSync(blobPath(id, file), "utf8"));
  }
  return done;
}

function checkRoom(id: string, files: readonly RemoteFile[]): void {
  mkdirSync(join(repositoryFolder(id), "blobs"), { recursive: true });
  const { bavail, bsize, blocks } = statfsSync(cacheFolder());
  // Some file systems do not tell.
  if (blocks === 0) return;
  const left = files.flatMap((file) => leftParts(blobPath(id, file)).slice(0, 1)).map((path) => lstatSync(path).size);
  const needed = sum(files) - left.reduce((total, bytes) => total + bytes, 0) + reserve;
  if (bavail * bsize < needed)
    throw new UserError(
      `${id} needs ${showBytes(needed)} in ${cacheFolder()}, where ${showBytes(bavail * bsize)} are free. Free some space, or ` +
        "choose another folder with HF_HUB_CACHE.",
    );
}

const blobPath = (id: string, { hash }: RemoteFile) => join(repositoryFolder(id), "blobs", hash.hex);
const pointerPath = (id: string, commit: string, { path }: RemoteFile) =>
  join(snapshotFolder(id, commit), ...path.split("/"));

/** As a blob, or, where a disk has no links, in the snapshot itself. Damaged ones are not there. */
function isInCache(id: string, commit: string, file: RemoteFile): boolean {
  return isWhole(blobPath(id, file), file) || isWhole(pointerPath(id, commit, file), file);
}

/** The file's name in the snapshot: a relative link to the blob, so that the cache can be moved. */
function link(id: string, commit: string, file: RemoteFile): void {
  const pointer = pointerPath(id, commit, file);
  const blob = blobPath(id, file);
  if (!existsSync(blob)) return;
  const target = relative(dirname(pointer), blob).split(sep).join("/");
  const status = lstatSync(pointer, { throwIfNoEntry: false });
  if (status?.isSymbolicLink() && readlinkSync(pointer) === target) return;
  mkdirSync(dirname(pointer), { recursive: true });
  const aside = fileAside(pointer);
  try {
    symlinkSync(target, aside.path);
    aside.put();
  } catch (error) {
    if (!["EPERM", "ENOSYS", "ENOTSUP", "UNKNOWN"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    renameSync(blob, pointer);
  } finally {
    aside.remove();
  }
}
