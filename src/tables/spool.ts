// Standard input, kept aside as a file so that it can be read like any other. Tells its format from its first bytes.
import { createWriteStream, renameSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { UserError } from "../base/errors.js";

/** Writes all of `input` to a file in `folder`; its ending says what it holds: Parquet, JSON Lines, JSON or else CSV. */
export async function spool(input: Readable, folder: string): Promise<string> {
  const path = join(folder, "standard-input");
  let head = Buffer.alloc(0);
  const keepHead = async function* (parts: AsyncIterable<Buffer | string>) {
    for await (const part of parts) {
      const bytes = typeof part === "string" ? Buffer.from(part) : part;
      if (head.length < 64) head = Buffer.concat([head, bytes.subarray(0, 64)]);
      yield bytes;
    }
  };
  try {
    await pipeline(input, keepHead, createWriteStream(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    throw new UserError(`Standard input does not fit into ${folder}: the disk is full. Set TMPDIR to a larger one.`, {
      cause: error,
    });
  }
  if (head.length === 0) throw new UserError("Standard input is empty. Pipe a table with a header into it.");
  const named = `${path}.${endingOf(head)}`;
  renameSync(path, named);
  return named;
}

function endingOf(head: Buffer): string {
  if (head[0] === 0x1f && head[1] === 0x8b) return "csv.gz";
  if (head.toString("latin1", 0, 4) === "PAR1") return "parquet";
  const start = head
    .toString("utf8")
    .replace(/^\ufeff/, "")
    .trimStart();
  if (start.startsWith("{")) return "jsonl";
  return /^\[\s*\{/.test(start) ? "json" : "csv";
}
