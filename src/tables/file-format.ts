// What a file really holds, by its first bytes. A wrong name or encoding is told here, before a reader takes the file for
// what its ending says.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { basename } from "node:path";
import { UserError } from "../base/errors.js";
import { shellWord } from "../base/shell-word.js";
import { encodingOf } from "../base/text-encoding.js";
import { fileChunks, isGzip } from "./file-chunks.js";

/** How a table is read. */
export type TableKind = "csv" | "json" | "text" | "parquet" | "duckdb";

interface Format {
  /** As it stands after "is" or "holds". */
  what: string;
  /** The reader that can have it, if any. */
  kind?: TableKind;
  /** The next step, for a file of this name. */
  next(file: string): string;
}

const headLength = 4096;
const asTable = "Export it as CSV (UTF-8) or Parquet, and use that file.";
const fromExcel = "In Excel, save it as 'CSV UTF-8', and use that file.";
const unpacked = () => "Unpack it first, and use the file inside.";
const fromPandas = () => "Read it in Python and write Parquet: df.to_parquet('table.parquet').";
const renamed = (ending: string) => (file: string) => {
  const right = file.replace(/(\.[a-z0-9]+)?(\.gz)?$/i, ending);
  return isGzip(file)
    ? `Unpack it: gunzip -c ${shellWord(file)} > ${shellWord(right)}`
    : `Give it the right extension: mv ${shellWord(file)} ${shellWord(right)}`;
};

interface Signature extends Format {
  /** First bytes, one of them, as Latin-1; `at` where they stand. */
  starts: readonly string[];
  at?: number;
  /** What else stands in the first bytes. */
  holds?: RegExp;
}

const zip = ["PK\x03\x04", "PK\x05\x06"];

/** Binary formats, the more telling ones first. Text may begin with "ORC" by chance: it has no control characters. */
const binaryFormats: readonly Signature[] = [
  { starts: ["PAR1"], what: "a Parquet file", kind: "parquet", next: renamed(".parquet") },
  { starts: ["PARE"], what: "an encrypted Parquet file", next: () => "Save it without encryption." },
  { starts: ["DUCK"], at: 8, what: "a DuckDB file", kind: "duckdb", next: renamed(".duckdb") },
  {
    starts: ["SQLite format 3\0"],
    what: "an SQLite database",
    next: (file) => `Export the table, for example: sqlite3 -csv -header ${shellWord(file)} "SELECT * FROM t" > t.csv`,
  },
  {
    starts: zip,
    holds: /xl\/|\[Content_Types\]\.xml.*(worksheet|workbook)/s,
    what: "an Excel workbook",
    next: () => fromExcel,
  },
  { starts: zip, holds: /opendocument/, what: "an OpenDocument file", next: () => asTable },
  { starts: zip, holds: /word\//, what: "a Word document", next: () => "Save it as plain text (.txt) in UTF-8." },
  { starts: zip, what: "a ZIP archive", next: unpacked },
  { starts: ["\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"], what: "an old Office file (.xls, .doc)", next: () => fromExcel },
  {
    starts: ["\x1f\x8b"],
    what: "gzipped",
    next: (file) => `Add the extension .gz: mv ${shellWord(file)} ${shellWord(`${file}.gz`)}`,
  },
  {
    starts: ["\x28\xb5\x2f\xfd"],
    what: "compressed with zstd",
    next: (file) => `Unpack it: zstd -d ${shellWord(file)}`,
  },
  { starts: ["BZh"], what: "compressed with bzip2", next: (file) => `Unpack it: bunzip2 -k ${shellWord(file)}` },
  { starts: ["\xfd7zXZ\0"], what: "compressed with xz", next: (file) => `Unpack it: unxz -k ${shellWord(file)}` },
  { starts: ["7z\xbc\xaf\x27\x1c"], what: "a 7z archive", next: unpacked },
  { starts: ["Rar!\x1a\x07"], what: "a RAR archive", next: unpacked },
  { starts: ["ARROW1", "FEA1"], what: "an Arrow (Feather) file", next: fromPandas },
  { starts: ["ORC"], what: "an ORC file", next: fromPandas },
  { starts: ["Obj\x01"], what: "an Avro file", next: fromPandas },
  { starts: ["\x89HDF\r\n"], what: "an HDF5 file", next: fromPandas },
  { starts: ["\x93NUMPY"], what: "a NumPy file", next: fromPandas },
  { starts: ["\x80\x02", "\x80\x03", "\x80\x04", "\x80\x05"], what: "a Python pickle", next: fromPandas },
  { starts: ["\x89PNG", "\xff\xd8\xff", "GIF8"], what: "an image", next: () => "Specify the file with the texts." },
];
const textFormats: readonly (readonly [RegExp, Format])[] = [
  [/^%PDF-/, { what: "a PDF", next: () => "Copy its text into a .txt file or a table." }],
  [
    /^\s*<(!doctype html|html[\s>])/i,
    { what: "a web page", next: () => "Download the file itself, not the page about it." },
  ],
  [/^\s*<\?xml/i, { what: "XML", next: () => asTable }],
];

const json: Format = { what: "JSON", kind: "json", next: renamed(".json") };

/** What "it is not …" calls a kind. */
const names: Record<TableKind, string> = {
  csv: "CSV",
  json: "JSON",
  text: "plain text",
  parquet: "a Parquet file",
  duckdb: "a DuckDB file",
};

/**
 * @param kind - what its ending promises
 * @param name - what messages call it
 * @throws UserError when it is something else: its real format or encoding is named, with the next step
 */
export async function checkFormat(path: string, kind: TableKind, name: string): Promise<void> {
  const raw = headOf(path);
  if (raw.length === 0) return;
  if (isGzip(path) && !(raw[0] === 0x1f && raw[1] === 0x8b)) {
    const found = signatureOf(raw)?.what ?? (encodingOf(raw) || isText(raw) ? "plain text" : "binary data");
    const plain = name.replace(/\.gz$/i, "");
    throw new UserError(
      `${name} is not a gzip file, but ${found}. If it is not compressed, rename it: mv ${shellWord(name)} ${shellWord(plain)}`,
    );
  }
  const head = isGzip(path) ? await unzippedHead(path, name) : raw;
  if (head.length === 0) return;
  const found = signatureOf(head) ?? (kind === "json" ? undefined : jsonFormat(head));
  const isRead = found?.kind === kind || (kind === "text" && (found?.kind === "json" || isMarkup(found)));
  if (found && !isRead)
    throw new UserError(`${name} is not ${names[kind]}, but ${found.what}. ${found.next(fileName(name))}`);
  if (kind === "duckdb" || kind === "parquet") {
    checkBinary(path, kind, name, found, head);
    return;
  }
  const encoding = encodingOf(head);
  if (encoding) throw new UserError(`${name} is not UTF-8 text, but ${encoding.name}. ${conversion(name, encoding)}`);
  if (kind === "json" && !isJsonStart(head)) throw noJson(name, head);
}

/** What a file holds whatever its ending says, and the next step; nothing where that cannot be told. */
export function formatOf(path: string): { what: string; next: string } | undefined {
  const head = headOf(path);
  const found = signatureOf(head) ?? jsonFormat(head);
  return found && { what: found.what, next: found.next(fileName(path)) };
}

function checkBinary(path: string, kind: "duckdb" | "parquet", name: string, found: Format | undefined, head: Buffer) {
  const again = "Copy or download it again.";
  if (!found) {
    const what = isText(head) ? `text ('${lineOf(head)}')` : "binary data";
    const next = isText(head) ? "If it is CSV or JSON, give it the extension .csv or .jsonl." : again;
    throw new UserError(`${name} is not ${names[kind]}, but ${what}. ${next}`);
  }
  // The footer: its length (4 bytes, little-endian), then PAR1 once more. https://parquet.apache.org/docs/file-format
  if (kind === "parquet") {
    const { size, tail } = tailOf(path, 8);
    if (size < 12 || latin1(tail.subarray(4)) !== "PAR1" || tail.readUInt32LE(0) > size - 12)
      throw new UserError(`${name} is a damaged Parquet file: its end is missing or broken. ${again}`);
  }
}

function signatureOf(head: Buffer): Format | undefined {
  const text = latin1(head);
  const binary = binaryFormats.find(
    ({ starts, at, holds }) => starts.some((start) => text.startsWith(start, at)) && (holds?.test(text) ?? true),
  );
  if (binary && !isText(head)) return binary;
  return textFormats.find(([pattern]) => pattern.test(text.replace(/^\xef\xbb\xbf/, "")))?.[1];
}

/** Text that is an array or an object: no CSV begins like that. */
function jsonFormat(head: Buffer): Format | undefined {
  const text = textOf(head);
  if (/^\[\s*[{[]/.test(text)) return json;
  return /^\{\s*"(?:[^"\\]|\\.)*"\s*:/.test(text) ? { ...json, next: renamed(".jsonl") } : undefined;
}

const isMarkup = (format: Format | undefined) => format?.what === "XML" || format?.what === "a web page";
const isJsonStart = (head: Buffer) => textOf(head) === "" || /^[[{]/.test(textOf(head));

function noJson(name: string, head: Buffer): UserError {
  if (!isText(head)) return new UserError(`${name} is not JSON, but binary data. Copy or download it again.`);
  return new UserError(
    `${name} is not JSON: it starts with '${lineOf(head)}'. Rows in JSON are objects, such as {"text": "…"}. ` +
      "If it is CSV, give it the extension .csv.",
  );
}

function conversion(name: string, { iconv }: { iconv: string }): string {
  const file = fileName(name);
  const plain = file.replace(/\.gz$/i, "");
  const convert = `iconv -f ${iconv} -t utf-8`;
  if (name === "standard input") return `Convert it in the pipe: ${convert} table.csv | columnist … -`;
  if (plain !== file)
    return `Save it in UTF-8, for example: gunzip -c ${shellWord(file)} | ${convert} > ${shellWord(`utf8-${plain}`)}`;
  const save = /\.(csv|tsv)$/i.test(name) ? "Save it as CSV in UTF-8" : "Save it in UTF-8";
  return `${save}, for example: ${convert} ${shellWord(file)} > ${shellWord(`utf8-${file}`)}`;
}

function isText(head: Buffer): boolean {
  return !head.some((byte) => byte === 0 || (byte < 9 && byte > 0) || (byte > 13 && byte < 27));
}

function lineOf(head: Buffer): string {
  const [line] = textOf(head).split(/[\r\n]/);
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}

const fileName = (name: string) => (name === "standard input" ? "table" : basename(name));
const latin1 = (bytes: Buffer) => bytes.toString("latin1");
const textOf = (head: Buffer) =>
  head
    .toString("utf8")
    .replace(/^\ufeff/, "")
    .trimStart();

function headOf(path: string): Buffer {
  const file = openSync(path, "r");
  try {
    const head = Buffer.alloc(headLength);
    return head.subarray(0, readSync(file, head, 0, headLength, 0));
  } finally {
    closeSync(file);
  }
}

function tailOf(path: string, length: number): { size: number; tail: Buffer } {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const tail = Buffer.alloc(length);
    readSync(file, tail, 0, length, Math.max(0, size - length));
    return { size, tail };
  } finally {
    closeSync(file);
  }
}

async function unzippedHead(path: string, name: string): Promise<Buffer> {
  for await (const part of fileChunks(path, name)) return part.subarray(0, headLength);
  return Buffer.alloc(0);
}
