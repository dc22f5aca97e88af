// How DuckDB reads CSV files: every setting is said, so that nothing is guessed from a sample of the rows.
import { createWriteStream, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { UserError } from "../base/errors.js";
import { uniqueNames } from "./column-names.js";
import { csvChunks, readCsvHeader } from "./csv-header.js";
import { type Database, identifier, literal } from "./database.js";
import { isGzip } from "./file-chunks.js";
import { type CsvScan, scanCsv } from "./scan-csv.js";
import type { ReadColumn } from "./table.js";

/**
 * SQL that reads the files in their order, and how many rows it must give. Every column is VARCHAR, as it is spelt.
 * The database's folder takes copies of files that DuckDB cannot read as they are.
 */
export async function csvReader(
  { folder, pathOf }: Database,
  files: readonly string[],
  nameOf: (file: string) => string,
  delimiter: string | undefined,
): Promise<{ relation: string; countedRows: number; columns: ReadColumn[] }> {
  const header = await readCsvHeader(files[0], nameOf(files[0]), delimiter);
  const unique = uniqueNames(header.names);
  const parts: string[] = [];
  let countedRows = 0;
  for (const file of files) {
    const own = file === files[0] ? header : await readCsvHeader(file, nameOf(file), delimiter);
    if (own.names.join("\n") !== header.names.join("\n"))
      throw new UserError(
        `${file} has the columns ${own.names.join(", ")}, but ${files[0]} has ${header.names.join(", ")}. ` +
          "Files read together need the same columns in the same order.",
      );
    const scan = await scanCsv(file, nameOf(file), own);
    const path = own.skip ? await withoutFirst(file, nameOf(file), folder) : pathOf(file);
    const compression = isGzip(file) && !own.skip ? "gzip" : "none";
    parts.push(readCsv(path, own.delimiter, unique, scan, compression));
    countedRows += scan.records;
  }
  const relation = parts.length === 1 ? parts[0] : `(${parts.map((part) => `FROM ${part}`).join(" UNION ALL ")})`;
  const columns = header.names.map((name, i) => ({ name, unique: unique[i], sql: identifier(unique[i]) }));
  return { relation, countedRows, columns };
}

/** A copy in `folder` without Excel's first line: DuckDB could skip it, but takes its line end for that of all lines. */
async function withoutFirst(file: string, name: string, folder: string): Promise<string> {
  const path = join(mkdtempSync(join(folder, "csv-")), "table");
  await pipeline(csvChunks(file, name, 1), createWriteStream(path));
  return path;
}

function readCsv(
  path: string,
  delimiter: string,
  names: readonly string[],
  scan: CsvScan,
  compression: "gzip" | "none",
): string {
  const longest = Math.max(1 << 21, scan.longest + 1024);
  const settings = [
    "auto_detect=false",
    "header=true",
    `delim=${literal(delimiter)}`,
    `quote='"'`,
    `escape=${literal(scan.escape)}`,
    `columns={${names.map((name) => `${literal(name)}: 'VARCHAR'`).join(", ")}}`,
    "allow_quoted_nulls=false",
    `strict_mode=${!scan.mixedLineEnds}`,
    "parallel=false", // a reader that starts in the middle can take a line within quotes for a row
    `max_line_size=${longest}`,
    `buffer_size=${Math.max(1 << 23, longest)}`,
    `compression='${compression}'`,
    "hive_partitioning=false",
  ];
  return `read_csv(${literal(path)}, ${settings.join(", ")})`;
}
