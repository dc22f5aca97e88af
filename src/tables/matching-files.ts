// The files that a pattern stands for. A name that exists is never taken for a pattern.
import { existsSync } from "node:fs";
import { dirname, isAbsolute } from "node:path";
import { literal } from "./database.js";
import duckdb from "./duckdb.js";

/** Whether a path that is not there may be a pattern. */
export const isPattern = (path: string) => /[*?[]/.test(path);

/**
 * Files in the order of their names: `*`, `?` and `[ab]` match within a name, `**` any folders, `~/` is the home folder.
 *
 * @example
 * await matchingFiles("reviews/*.csv");
 */
export async function matchingFiles(pattern: string): Promise<string[]> {
  if (existsSync(pattern)) return [pattern];
  const instance = await duckdb.DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const { glob, prefix } = searched(pattern);
    const found = await connection.runAndReadAll(`SELECT DISTINCT file FROM glob(${literal(glob)}) ORDER BY file`);
    return found.getRows().map(([file]) => String(file).slice(prefix.length));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/**
 * The pattern as DuckDB takes it, and what stands before it there. Folders that exist stand for themselves, whatever their
 * letters; so do `~` and what stands before a colon, which DuckDB takes for the home folder and for the name of an extension.
 */
function searched(pattern: string): { glob: string; prefix: string } {
  if (/^~\//.test(pattern) && !existsSync("~")) return { glob: pattern, prefix: "" };
  let folder = dirname(pattern);
  while (!existsSync(folder)) folder = dirname(folder);
  const length = pattern.startsWith(folder) ? folder.length : 0;
  const glob = pattern.slice(0, length).replace(/[*?[]/g, "[$&]") + pattern.slice(length);
  const prefix = isAbsolute(pattern) || pattern.startsWith(".") ? "" : "./";
  return { glob: prefix + glob, prefix };
}
