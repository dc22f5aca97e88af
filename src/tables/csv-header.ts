// The first record of a CSV file: its delimiter and column names. The rows are read by DuckDB.
import { UserError } from "../base/errors.js";
import { fileChunks } from "./file-chunks.js";
import { checkColumnCount } from "./limits.js";

export interface CsvHeader {
  /** The unit separator, which texts do not hold, when there is only one column. */
  delimiter: string;
  names: string[];
  /** Lines before the names: 1 where Excel's "sep=;" stands there. */
  skip: 0 | 1;
}

const longestHeader = 4 << 20;
const oneColumn = "\x1f";
const [lf, cr] = [0x0a, 0x0d];

/**
 * Reads names and delimiter (comma, semicolon, tab or bar: the most frequent outside quotes). Nothing is guessed from
 * the rows, so that a broken row cannot turn into the header. A first line such as "sep=;" is Excel's: it names the
 * delimiter.
 *
 * @throws UserError for an empty file, a broken encoding and duplicate names.
 */
export async function readCsvHeader(path: string, description: string, delimiter?: string): Promise<CsvHeader> {
  const first = await firstRecord(path, description, 0);
  const said = /^"?sep=(.*?)"?$/i.exec(first)?.[1];
  const skip = said === undefined ? 0 : 1;
  if (said && !/^[\t -~]$/.test(said))
    throw new UserError(`${description}, line 1: '${said}' cannot be used as a delimiter. Use a comma or a tab.`);
  const record = skip ? await firstRecord(path, description, skip) : first;
  const used = said || delimiter || mostFrequent(record, [",", ";", "\t", "|"]);
  const names = splitRecord(record, used);
  checkColumnCount(names.length, description);
  const repeated = names.find((name, i) => name !== "" && names.indexOf(name) < i);
  if (repeated !== undefined)
    throw new UserError(`${description}: column '${repeated}' appears twice. Rename one in the first line.`);
  return { delimiter: names.length === 1 ? oneColumn : used, names, skip };
}

/** The file's bytes behind its first `skip` lines. */
export async function* csvChunks(path: string, description: string, skip: 0 | 1): AsyncGenerator<Buffer> {
  let toSkip = skip as number;
  let rest: Buffer = Buffer.alloc(0);
  for await (const part of fileChunks(path, description)) {
    if (toSkip === 0) {
      yield part;
      continue;
    }
    rest = rest.length > 0 ? Buffer.concat([rest, part]) : part;
    const end = rest.findIndex((byte) => byte === lf || byte === cr);
    // A line break may be two bytes, and the second one still to come.
    if (end < 0 || end + 1 === rest.length) continue;
    toSkip--;
    yield rest.subarray(end + (rest[end] === cr && rest[end + 1] === lf ? 2 : 1));
  }
}

async function firstRecord(path: string, description: string, skip: 0 | 1): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  let quoted = false;
  let isWhole = false;
  for await (const part of csvChunks(path, description, skip)) {
    let end = 0;
    for (; end < part.length && !isWhole; end++) {
      if (part[end] === 0x22) quoted = !quoted;
      else if (!quoted && (part[end] === lf || part[end] === cr)) isWhole = true;
    }
    parts.push(isWhole ? part.subarray(0, end - 1) : part);
    size += part.length;
    if (isWhole || size > longestHeader) break;
  }
  const bytes = Buffer.concat(parts);
  if (size === 0) throw new UserError(`${description} is empty. The first line must contain the column names.`);
  if (bytes.includes(0)) throw new UserError(`${description} is not text. Save it as CSV in UTF-8.`);
  if (!isWhole && size > longestHeader)
    throw new UserError(`${description}: the first line is longer than 4 MB. It must contain the column names.`);
  if (quoted) throw new UserError(`${description}, line 1: a quoted column name is not closed.`);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(`${description}, line 1 is not UTF-8 text. Save the file as CSV in UTF-8.`);
  }
  if (text.trim() === "")
    throw new UserError(`${description}: the first line is blank. It must contain the column names.`);
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
