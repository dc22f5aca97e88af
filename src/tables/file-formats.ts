// The formats that tables are written in, by the ending of the path.
import { UserError } from "../base/errors.js";

export type FileFormat =
  | { kind: "csv"; delimiter: string; isGzip: boolean }
  | { kind: "json"; isArray: boolean; isGzip: boolean }
  | { kind: "parquet" };

/** @throws UserError for an unknown ending */
export function fileFormatOf(path: string): FileFormat {
  const [, ending, gz] = /\.([a-z0-9]+)(\.gz)?$/i.exec(path.toLowerCase()) ?? [];
  const isGzip = gz !== undefined;
  if (ending === "csv") return { kind: "csv", delimiter: ",", isGzip };
  if (ending === "tsv") return { kind: "csv", delimiter: "\t", isGzip };
  if (ending === "jsonl" || ending === "ndjson") return { kind: "json", isArray: false, isGzip };
  if (ending === "json") return { kind: "json", isArray: true, isGzip };
  if (ending === "parquet" && !isGzip) return { kind: "parquet" };
  throw new UserError(
    `'${path}' has no supported extension. Use .csv, .tsv, .jsonl, .ndjson, .json (each also with .gz) or .parquet.`,
  );
}
