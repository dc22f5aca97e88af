// JSON files of a folder in Hugging Face's layout. They may come from a stranger: what is read of them has a schema.
import { existsSync } from "node:fs";
import type { z } from "zod";
import { UserError } from "../../base/errors.js";
import { readSmallFile } from "../../base/regular-file.js";

/** No file of settings is longer, in bytes; a vocabulary of millions of tokens is. */
export const longestJson = 256 << 20;

/** The parsed file; undefined where there is none. @throws UserError where it is not JSON */
export function readJson(path: string): unknown {
  if (!existsSync(path)) return undefined;
  const text = readSmallFile(path, longestJson).toString("utf8");
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${path} is not JSON: ${(error as Error).message}. Download it again.`);
  }
}

/** What the schema takes of a parsed file. @throws UserError that names the field */
export function checked<T>(schema: z.ZodType<T>, json: unknown, path: string): T {
  const read = schema.safeParse(json);
  if (read.success) return read.data;
  const [{ path: place, message }] = read.error.issues;
  throw new UserError(`${path} is not valid: ${place.join(".") || "its content"}: ${message}. Download it again.`);
}
