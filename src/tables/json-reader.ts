// How DuckDB reads JSON files: all rows are looked at for their fields, and strings stay as they are written.
import { isUtf8 } from "node:buffer";
import type { DuckDBConnection } from "@duckdb/node-api";
import { UserError } from "../base/errors.js";
import { literal, pathLiteral } from "./database.js";
import { fileChunks, isGzip } from "./file-chunks.js";

/** One object may have as many bytes; DuckDB sets twice as much aside for each of its threads. */
const longestObject = 1 << 25;

/** SQL that reads the files: one object a line, or one array of objects. */
export async function jsonReader(connection: DuckDBConnection, files: readonly string[]): Promise<string> {
  const settings = [
    `[${files.map(pathLiteral).join(", ")}]`,
    "records=true",
    `maximum_object_size=${longestObject}`,
    ...(files.every(isGzip) ? ["compression='gzip'"] : []),
  ].join(", ");
  const described = await connection.runAndReadAll(
    `DESCRIBE FROM read_json(${settings}, sample_size=-1, map_inference_threshold=-1, union_by_name=true)`,
  );
  await mustDiffer(
    connection,
    files,
    described.getRows().map(([name]) => String(name)),
  );
  const types = described
    .getRows()
    .map(([name, type]) => `${literal(String(name))}: ${literal(asWritten(String(type)))}`);
  return `read_json(${settings}, columns={${types.join(", ")}})`;
}

/** DuckDB calls a field `Text_1` when there is a `text`, and then finds nothing under that name. */
async function mustDiffer(connection: DuckDBConnection, files: readonly string[], names: readonly string[]) {
  const lower = new Set(names.map((name) => name.toLowerCase()));
  if (!names.some((name) => lower.has(name.replace(/_\d+$/, "").toLowerCase()) && /_\d+$/.test(name))) return;
  const keys = await connection.runAndReadAll(
    `SELECT DISTINCT unnest(json_keys(json)) AS key FROM ` +
      `read_json_objects([${files.map(pathLiteral).join(", ")}], maximum_object_size=${longestObject}) ORDER BY key`,
  );
  const seen = new Map<string, string>();
  for (const [value] of keys.getRows()) {
    const key = String(value);
    const other = seen.get(key.toLowerCase());
    if (other !== undefined)
      throw new UserError(`${files[0]}: fields '${other}' and '${key}' differ only in case. Rename one of them.`);
    seen.set(key.toLowerCase(), key);
  }
}

/** DuckDB would turn what looks like a date or a UUID into one, and its spelling with it; JSON is a mix of types. */
function asWritten(type: string): string {
  if (type === "JSON") return "VARCHAR";
  return type.replaceAll(/"[^"]*"|\b(?:TIMESTAMP(?:_NS|_MS|_S)?(?: WITH TIME ZONE)?|DATE|TIME|UUID)\b/g, (word) =>
    word.startsWith('"') ? word : "VARCHAR",
  );
}

/** The first line of JSON Lines files that cannot be read, as an error; DuckDB's own line numbers are one too high. */
export async function jsonLinesFault(files: readonly string[], error: unknown): Promise<unknown> {
  for (const file of files) {
    const fault = await firstFault(file);
    if (fault !== undefined) return new UserError(`${file}, ${fault}.`, { cause: error });
  }
  return error;
}

async function firstFault(file: string): Promise<string | undefined> {
  let line = 0;
  let parts: Buffer[] = [];
  for await (const chunk of fileChunks(file)) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const fault = faultOf(Buffer.concat([...parts, chunk.subarray(start, end)]), ++line);
      if (fault !== undefined) return fault;
      parts = [];
      start = end + 1;
    }
    parts.push(chunk.subarray(start));
  }
  return faultOf(Buffer.concat(parts), line + 1);
}

function faultOf(bytes: Buffer, line: number): string | undefined {
  if (!isUtf8(bytes))
    return `line ${line} is not UTF-8 text. Convert the file first, for example: iconv -f windows-1252 -t utf-8`;
  const text = bytes
    .toString("utf8")
    .replace(/^\ufeff/, "")
    .trim();
  if (text === "") return undefined;
  if (bytes.length >= longestObject)
    return `line ${line}: an object of ${bytes.length} bytes; at most ${longestObject} can be read. Shorten its texts`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `line ${line} is not JSON (${(error as Error).message}). Each line must be one whole object`;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return `line ${line}: ${text.slice(0, 60)} is no object. Each line must be one, such as {"text": "…"}`;
  const seen = new Set<string>();
  for (const name of Object.keys(value)) {
    if (seen.has(name.toLowerCase()))
      return `line ${line}: field '${name}' is there twice; upper and lower case count as the same. Rename one`;
    seen.add(name.toLowerCase());
  }
  if (/\\ud[89a-f]/.test(JSON.stringify(value)))
    return `line ${line} holds half of a surrogate pair (\\ud800 to \\udfff), which is no character. Remove it`;
  return undefined;
}
