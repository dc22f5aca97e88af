// Brings one file's content into the cache: from where an earlier pull stopped, checked, and renamed when it is whole.
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { UserError } from "../base/errors.js";
import { claimParts, readPieces, startChecksum } from "./blob-file.js";
import { type Answer, ask, type Connection } from "./connection.js";
import { cacheFolder } from "./environment.js";
import { brokenOff } from "./faults.js";
import type { RemoteFile } from "./repository-info.js";

/**
 * @param address of the file below the server's
 * @param onBytes hears of bytes that are on disk, and whether they came now; negative where they have to come again
 * @throws UserError when the server or the disk fails, or the content has another hash than the server told
 */
export async function downloadBlob(
  connection: Connection,
  address: string,
  blob: string,
  remote: RemoteFile,
  onBytes: (bytes: number, isNew: boolean) => void,
): Promise<void> {
  mkdirSync(dirname(blob), { recursive: true });
  const { path, release } = claimParts(blob);
  try {
    if (!(await fill(connection, address, path, remote, onBytes))) {
      rmSync(path, { force: true });
      throw new UserError(
        `${remote.path} is damaged or not what ${connection.endpoint} says that it is: its ` +
          `${remote.hash.algorithm === "git" ? "git hash" : "SHA-256"} is not ${remote.hash.hex}. It was removed. ` +
          "Run the same command again; if it fails again, do not trust the server.",
      );
    }
    renameSync(path, blob);
  } finally {
    release();
  }
}

/** Writes what is missing of the parts. @returns whether the whole has the right hash */
async function fill(
  connection: Connection,
  address: string,
  path: string,
  { path: name, bytes, hash }: RemoteFile,
  onBytes: (bytes: number, isNew: boolean) => void,
): Promise<boolean> {
  let checksum = startChecksum(hash, bytes);
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > bytes) rmSync(path);
  let done = existsSync(path) ? readPieces(path, checksum.update) : 0;
  onBytes(done, false);
  const file = openSync(path, "a");
  const restart = () => {
    ftruncateSync(file, 0);
    onBytes(-done, false);
    [done, checksum] = [0, startChecksum(hash, bytes)];
  };
  const take = async ({ response, pieces }: Answer) => {
    // A server that does not go on where it is asked to sends all of it.
    if (done > 0 && !goesOn(response, done)) restart();
    for await (const piece of pieces()) {
      if (done + piece.length > bytes)
        throw new UserError(
          `${connection.endpoint} sends more of ${name} than its ${bytes} bytes. Run the same command again.`,
        );
      writeAll(file, piece);
      checksum.update(piece);
      done += piece.length;
      onBytes(piece.length, true);
    }
    if (done < bytes) throw brokenOff(connection.endpoint);
  };
  try {
    const headers = (): Record<string, string> => (done > 0 ? { range: `bytes=${done}-` } : {});
    if (done < bytes || bytes === 0) await ask(connection, address, take, { headers, reached: () => done });
  } catch (error) {
    throw diskFault(error);
  } finally {
    closeSync(file);
  }
  return checksum.matches();
}

function goesOn({ status, headers }: Response, from: number): boolean {
  return status === 206 && headers.get("content-range")?.startsWith(`bytes ${from}-`) === true;
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}

/** What a user can do about a cache that cannot be written. */
export function diskFault(error: unknown): unknown {
  const reasons: Record<string, string> = {
    ENOSPC: "the disk is full. Free some space",
    EDQUOT: "your disk quota is used up. Free some space",
    EFBIG: "the file exceeds the file size limit (ulimit -f). Raise the limit",
    EACCES: "permission was denied. Change its rights",
    EPERM: "permission was denied. Change its rights",
    EROFS: "the disk is read-only. Mount it for writing",
    ENOTDIR: "a file stands where a folder should be. Move it away",
    EEXIST: "a file stands where a folder should be. Move it away",
  };
  const reason = reasons[(error as NodeJS.ErrnoException)?.code ?? ""];
  if (reason === undefined) return error;
  return new UserError(
    `The cache ${cacheFolder()} could not be written: ${reason}, or choose another folder with HF_HUB_CACHE. What was ` +
      "downloaded is kept: run the same command again.",
    { cause: error },
  );
}
