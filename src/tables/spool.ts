// What can be read only once, standard input and pipes, kept aside as a file that can be read like any other. Tells its
// format from its first bytes.
import { constants, createReadStream, createWriteStream, fstatSync, openSync, renameSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CancelledError, UserError } from "../base/errors.js";
import { otherFile } from "../base/regular-file.js";

/** Standard input under its names. */
export const isStandardInput = (path: string) => path === "-" || /^\/dev\/(stdin|fd\/0)$/.test(path);

/** A named pipe, or a file that a shell opened: process substitution, `<(…)`, is one of both. */
export const isPipe = (path: string) => otherFile(path) === "named pipe" || /^\/(dev|proc\/self)\/fd\/\d+$/.test(path);

/**
 * Opens a pipe. One that nobody writes to yet does not block: its first byte is waited for as that of a network is, so
 * that the wait can be ended.
 */
export function openPipe(path: string): Readable {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (fstatSync(file).isFile()) return createReadStream(path, { fd: file });
  return new Socket({ fd: file, readable: true, writable: false });
}

const taken = new WeakSet<Readable>();

/**
 * Writes all of `input` to a file in `folder`. Its ending says what it holds: `ending` where that is known, or else
 * Parquet, DuckDB, JSON Lines, JSON or CSV.
 *
 * @throws UserError when nothing comes, or the disk is full; CancelledError after an abort
 */
export async function spool(
  input: Readable,
  folder: string,
  { name, ending, signal }: { name: string; ending?: string; signal?: AbortSignal },
): Promise<string> {
  if (taken.has(input)) throw new UserError(`${name} can be read only once. Use a file for the second table.`);
  taken.add(input);
  const path = join(folder, "input");
  let head = Buffer.alloc(0);
  const keepHead = async function* (parts: AsyncIterable<Buffer | string>) {
    for await (const part of parts) {
      const bytes = typeof part === "string" ? Buffer.from(part) : part;
      if (head.length < 64) head = Buffer.concat([head, bytes.subarray(0, 64)]);
      yield bytes;
    }
  };
  try {
    await pipeline(input, keepHead, createWriteStream(path), { signal });
  } catch (error) {
    if (signal?.aborted)
      throw new CancelledError(`Stopped before the end of ${name === "Standard input" ? "standard input" : name}.`);
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    throw new UserError(
      `${name} does not fit into ${folder}: the disk is full. Set TMPDIR to a folder on a larger disk.`,
      {
        cause: error,
      },
    );
  }
  if (head.length === 0) throw new UserError(`${name} is empty. Pipe a table with a header into it.`);
  const named = `${path}.${ending ?? endingOf(head)}`;
  renameSync(path, named);
  return named;
}

function endingOf(head: Buffer): string {
  if (head[0] === 0x1f && head[1] === 0x8b) return "csv.gz";
  if (head.toString("latin1", 0, 4) === "PAR1") return "parquet";
  if (head.toString("latin1", 8, 12) === "DUCK") return "duckdb";
  const start = head
    .toString("utf8")
    .replace(/^\ufeff/, "")
    .trimStart();
  if (start.startsWith("{")) return "jsonl";
  return /^\[\s*[{[]/.test(start) ? "json" : "csv";
}
