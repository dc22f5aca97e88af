// A file's content in the cache while it arrives: where its parts are kept, who writes there, and whether it is whole.
import { createHash } from "node:crypto";
import { closeSync, existsSync, lstatSync, openSync, readdirSync, readSync, renameSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { UserError } from "../base/errors.js";
import type { FileHash } from "./repository-info.js";

/** Half a file that nobody has touched for so many ms has no writer any more, wherever that was. */
const longestSilence = 10 * 60_000;
const host = hostname().replace(/[^\w-]/g, "") || "host";
/** What this process writes right now. */
const open = new Set<string>();

/**
 * The path for the parts of a blob, which this process alone writes to: `<blob>.<host>-<process>.incomplete`. What a pull that was
 * interrupted left is taken over, so its bytes need not come again. Two pulls at once write two files, and the last one to be
 * whole takes the blob's place. (Python names its own <blob>.<random>.incomplete.)
 *
 * @returns `release` when it is not written to any more
 */
export function claimParts(blob: string): { path: string; release(): void } {
  const path = `${blob}.${host}-${process.pid}.incomplete`;
  if (open.has(path))
    throw new UserError(
      `This program is downloading ${basename(blob)} already. Wait until that has ended, then pull again.`,
    );
  const left = leftParts(blob).filter((one) => one !== path);
  if (!existsSync(path) && left.length > 0) {
    try {
      renameSync(left[0], path);
    } catch {
      // Another pull was faster.
    }
  }
  open.add(path);
  return { path, release: () => void open.delete(path) };
}

/** Parts without a writer, the largest first. */
export function leftParts(blob: string): string[] {
  const folder = dirname(blob);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith(`${basename(blob)}.`) && writer.test(name))
    .map((name) => join(folder, name))
    .filter((path) => lstatSync(path).isFile() && !isWritten(path))
    .sort((a, b) => statSync(b).size - statSync(a).size);
}

const writer = /\.([\w-]+)-(\d+)\.incomplete$/;

function isWritten(path: string): boolean {
  if (Date.now() - statSync(path).mtimeMs > longestSilence) return false;
  const [, where, id] = writer.exec(path)!;
  if (where !== host) return true;
  return Number(id) === process.pid ? open.has(path) : isAlive(Number(id));
}

function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Takes bytes in order and tells in the end whether they are the file's. */
export interface Checksum {
  update(bytes: Uint8Array): void;
  matches(): boolean;
}

export function startChecksum({ algorithm, hex }: FileHash, bytes: number): Checksum {
  const hash = createHash(algorithm === "git" ? "sha1" : "sha256");
  // Git hashes a header with the content: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
  if (algorithm === "git") hash.update(`blob ${bytes}\0`);
  return { update: (piece) => void hash.update(piece), matches: () => hash.digest("hex") === hex };
}

/** Feeds a file to `take` in pieces. @returns its bytes */
export function readPieces(path: string, take: (piece: Uint8Array) => void): number {
  const file = openSync(path, "r");
  const piece = Buffer.allocUnsafe(1 << 20);
  let done = 0;
  try {
    for (let got = readSync(file, piece); got > 0; got = readSync(file, piece)) {
      take(piece.subarray(0, got));
      done += got;
    }
  } finally {
    closeSync(file);
  }
  return done;
}

/** True where `path` is a file of this size and hash. */
export function isWhole(path: string, { bytes, hash }: { bytes: number; hash: FileHash }): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.size !== bytes) return false;
  const checksum = startChecksum(hash, bytes);
  readPieces(path, checksum.update);
  return checksum.matches();
}
