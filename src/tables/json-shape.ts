// JSON that is no list of rows: pandas writes tables in seven ways (orient=…), and only "records" is one object a row. Tells
// which one a file is, from its first object alone where the rest is long.
import { UserError } from "../base/errors.js";
import { fileChunks } from "./file-chunks.js";

/** No row may be longer either. */
const longestObject = 1 << 25;
const advice = 'Write it with orient="records": df.to_json("rows.jsonl", orient="records", lines=True)';

/**
 * @param name - what messages call the file
 * @throws UserError for one object (or array of arrays) with a whole table in it
 */
export async function checkJsonShape(path: string, name: string): Promise<void> {
  const what = await shapeOf(path, name);
  if (what !== undefined) throw new UserError(`${name} is ${what}. ${advice}`);
}

async function shapeOf(path: string, name: string): Promise<string | undefined> {
  const end = createEndFinder();
  const parts: Buffer[] = [];
  let [size, length] = [0, 0];
  for await (const part of fileChunks(path, name)) {
    parts.push(part);
    if (size === 0 && /^(\xef\xbb\xbf)?\s*\[/.test(part.toString("latin1", 0, 64))) break;
    length ||= end(part, size);
    size += part.length;
    if (size > longestObject || (length > 0 && size > length + 4096)) break;
  }
  const bytes = Buffer.concat(parts);
  const text = textOf(bytes, length);
  if (/^\[\s*\[/.test(text)) return 'one array of arrays (orient="values"): its columns have no names';
  if (!text.startsWith("{")) return undefined;
  if (length === 0) return size > longestObject ? shapeOfStart(text) : undefined;
  if (/\S/.test(bytes.subarray(length).toString("latin1"))) return undefined; // JSON Lines
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // the reader names the fault
  }
  return shapeOfObject(value);
}

const textOf = (bytes: Buffer, length: number) =>
  bytes
    .toString("utf8", 0, length || Math.min(bytes.length, 4096))
    .replace(/^\ufeff/, "")
    .trim();

function shapeOfObject(value: Record<string, unknown>): string | undefined {
  if (Array.isArray(value.columns) && Array.isArray(value.data))
    return 'one object containing a table (orient="split")';
  if (isObject(value.schema) && Array.isArray(value.data)) return 'one object containing a table (orient="table")';
  const outer = Object.keys(value);
  const parts = Object.values(value);
  if (outer.length > 1 && parts.every(isColumn) && new Set(parts.map((part) => part.length)).size === 1)
    return 'one object containing columns as lists (orient="list")';
  if (outer.length === 0 || !parts.every(isObject)) return undefined;
  const inner = Object.keys(parts[0]);
  if (inner.length === 0) return undefined;
  if (outer.every(isNumber) && !inner.every(isNumber)) return 'one object containing rows by number (orient="index")';
  const isSame = parts.every((part) => {
    const keys = Object.keys(part);
    return keys.length === inner.length && keys.every((key, i) => key === inner[i]);
  });
  return isSame && (outer.length > 1 || inner.every(isNumber)) ? columns : undefined;
}

const columns = 'one object containing columns (pandas\' default, orient="columns")';
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
/** Lists of values alone: one row can hold lists too, but hardly as many values in each of its fields. */
const isColumn = (value: unknown): value is unknown[] =>
  Array.isArray(value) && value.length > 1 && value.every((one) => typeof one !== "object" || one === null);
const isNumber = (key: string) => /^-?\d+$/.test(key);

/** Of an object longer than any row the first characters must do. */
function shapeOfStart(text: string): string {
  if (/^\{\s*"(columns|index|data)"\s*:\s*\[/.test(text)) return 'one object containing a table (orient="split")';
  if (/^\{\s*"schema"\s*:\s*\{/.test(text)) return 'one object containing a table (orient="table")';
  if (/^\{\s*"-?\d+"\s*:\s*\{/.test(text)) return 'one object containing rows by number (orient="index")';
  if (/^\{\s*"(?:[^"\\]|\\.)*"\s*:\s*\{/.test(text)) return columns;
  return `one object of more than ${longestObject >> 20} MB`;
}

/** Takes the parts of a file and where each begins; gives where its first object ends, or 0. */
function createEndFinder(): (part: Buffer, from: number) => number {
  const [quote, backslash, opening, closing] = [0x22, 0x5c, 0x7b, 0x7d];
  let depth = 0;
  let isInside = false;
  let isEscaped = false;
  return (part, from) => {
    for (let i = 0; i < part.length; i++) {
      const byte = part[i];
      if (isEscaped) isEscaped = false;
      else if (isInside) {
        if (byte === backslash) isEscaped = true;
        else if (byte === quote) isInside = false;
      } else if (byte === quote) isInside = true;
      else if (byte === opening) depth++;
      else if (byte === closing && --depth === 0) return from + i + 1;
    }
    return 0;
  };
}
