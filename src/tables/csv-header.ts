// The first record of a CSV file: its delimiter and column names. The rows are read by DuckDB.
import { UserError } from "../base/errors.js";
import { fileChunks } from "./file-chunks.js";

export interface CsvHeader {
  /** The unit separator, which texts do not hold, when there is only one column. */
  delimiter: string;
  names: string[];
}

const longestHeader = 4 << 20;
const oneColumn = "\x1f";

/**
 * Reads names and delimiter (comma, semicolon, tab or bar: the most frequent outside quotes). Nothing is guessed from
 * the rows, so that a broken row cannot turn into the header.
 *
 * @throws UserError for an empty file, a broken encoding and duplicate names.
 */
export async function readCsvHeader(path: string, description: string, delimiter?: string): Promise<CsvHeader> {
  const record = await firstRecord(path, description);
  const used = delimiter ?? mostFrequent(record, [",", ";", "\t", "|"]);
  const names = splitRecord(record, used);
  const repeated = names.find((name, i) => name !== "" && names.indexOf(name) < i);
  if (repeated !== undefined)
    throw new UserError(`${description}: column '${repeated}' is there twice. Rename one in the first line.`);
  return { delimiter: names.length === 1 ? oneColumn : used, names };
}

async function firstRecord(path: string, description: string): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  let quoted = false;
  let isWhole = false;
  for await (const part of fileChunks(path)) {
    let end = 0;
    for (; end < part.length && !isWhole; end++) {
      if (part[end] === 0x22) quoted = !quoted;
      else if (!quoted && (part[end] === 0x0a || part[end] === 0x0d)) isWhole = true;
    }
    parts.push(isWhole ? part.subarray(0, end - 1) : part);
    size += part.length;
    if (isWhole || size > longestHeader) break;
  }
  const bytes = Buffer.concat(parts);
  if (size === 0) throw new UserError(`${description} is empty. The first line must hold the column names.`);
  if (bytes.includes(0) || (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    throw new UserError(`${description} is not UTF-8 text (UTF-16, or no text at all). Save it as CSV in UTF-8.`);
  if (!isWhole && size > longestHeader)
    throw new UserError(`${description}: the first line has no end within 4 MB. It must hold the column names.`);
  if (quoted) throw new UserError(`${description}, line 1: a quoted column name is not closed.`);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(`${description}, line 1 is not UTF-8 text. Save the file as CSV in UTF-8.`);
  }
  if (text.trim() === "")
    throw new UserError(`${description}: the first line is blank. It must hold the column names.`);
  return text;
}

function mostFrequent(record: string, delimiters: string[]): string {
  const bare = record.replace(/"[^"]*"/g, "");
  const counts = delimiters.map((delimiter) => bare.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))];
}

function splitRecord(record: string, delimiter: string): string[] {
  const fields = [""];
  let quoted = false;
  for (let i = 0; i < record.length; i++) {
    const char = record[i];
    if (char === '"' && quoted && record[i + 1] === '"') {
      fields[fields.length - 1] += char;
      i++;
    } else if (char === '"') quoted = !quoted;
    else if (char === delimiter && !quoted) fields.push("");
    else fields[fields.length - 1] += char;
  }
  return fields;
}
