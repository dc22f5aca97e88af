// The objects of a JSON file, one after the other, as the texts that stand there: one in each line, one array of them, or
// one behind the other. Bytes are read in pieces; only one object is in memory.
import { isUtf8 } from "node:buffer";
import { UserError } from "../base/errors.js";
import { fileChunks } from "./file-chunks.js";
import { longestRow } from "./limits.js";

export interface JsonObjectText {
  text: string;
  /** Where it begins, counted from 1. */
  line: number;
}

const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];
const [quote, backslash, comma, lineEnd] = [0x22, 0x5c, 0x2c, 0x0a];
const isBlank = (byte: number) => byte === 32 || byte === lineEnd || byte === 13 || byte === 9;

/**
 * @param name what messages call the file
 * @throws UserError for bytes that are not UTF-8, and for what is no object (whose inside is not looked at)
 */
export async function* jsonObjects(path: string, name: string): AsyncGenerator<JsonObjectText> {
  const chunks = withoutMark(fileChunks(path, name), name)[Symbol.asyncIterator]();
  const head: Buffer[] = [];
  let first: number | undefined;
  while (first === undefined) {
    const next = await chunks.next();
    if (next.done) return;
    head.push(next.value);
    first = next.value.find((byte) => !isBlank(byte));
  }
  const all = (async function* () {
    yield* head;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  })();
  const isLines = /\.(jsonl|ndjson)(\.gz)?$/i.test(path) && first !== openBracket;
  yield* isLines ? lines(all, name) : elements(all, name);
}

/** The parts of one object, and the line where it begins. */
class Pieces {
  line = 1;
  private parts: Buffer[] = [];
  private size = 0;

  constructor(private readonly name: string) {}

  add(part: Buffer): void {
    this.parts.push(part);
    this.size += part.length;
    if (this.size > longestRow)
      throw new UserError(
        `${this.name}, line ${this.line}: an object is larger than ${longestRow >> 20} MB. Shorten its texts.`,
      );
  }

  take(last: Buffer): JsonObjectText {
    const bytes = this.parts.length === 0 ? last : Buffer.concat([...this.parts, last]);
    [this.parts, this.size] = [[], 0];
    if (isUtf8(bytes)) return { text: bytes.toString("utf8"), line: this.line };
    throw new UserError(
      `${this.name}, line ${this.line} is not UTF-8 text. Convert the file first, for example: ` +
        "iconv -f windows-1252 -t utf-8 old.json > new.json",
    );
  }
}

async function* lines(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<JsonObjectText> {
  const pieces = new Pieces(name);
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(lineEnd); end >= 0; end = chunk.indexOf(lineEnd, start)) {
      const line = pieces.take(chunk.subarray(start, end));
      if (line.text.trim() !== "") yield line;
      pieces.line++;
      start = end + 1;
    }
    pieces.add(chunk.subarray(start));
  }
  const last = pieces.take(Buffer.alloc(0));
  if (last.text.trim() !== "") yield last;
}

async function* elements(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<JsonObjectText> {
  const pieces = new Pieces(name);
  let line = 1;
  let array: "none" | "open" | "closed" | undefined;
  let depth = 0;
  let [inText, isEscaped] = [false, false];
  const fault = (message: string) => new UserError(`${name}, line ${line}${message}`);
  for await (const chunk of chunks) {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === lineEnd) line++;
      if (depth === 0) {
        if (isBlank(byte) || (byte === comma && array !== undefined)) continue;
        if (array === undefined && byte === openBracket) array = "open";
        else if (array === "open" && byte === closeBracket) array = "closed";
        else if (array === "closed") throw fault(" continues after the array of objects. Remove what follows it.");
        else if (byte === openBrace) {
          array ??= "none";
          [depth, start, pieces.line] = [1, at, line];
        } else
          throw fault(`: ${wordAt(chunk, at)} is not an object. The file must contain objects, such as {"text": "…"}.`);
      } else if (inText) {
        if (isEscaped) isEscaped = false;
        else if (byte === backslash) isEscaped = true;
        else if (byte === quote) inText = false;
      } else if (byte === quote) inText = true;
      else if (byte === openBrace || byte === openBracket) depth++;
      else if ((byte === closeBrace || byte === closeBracket) && --depth === 0)
        yield pieces.take(chunk.subarray(start, at + 1));
    }
    if (depth > 0) pieces.add(chunk.subarray(start));
  }
  if (depth > 0) {
    line = pieces.line;
    throw fault(": the object that starts here is not closed. Is the file truncated?");
  }
  if (array === "open") throw fault(": the array of objects is not closed. Is the file truncated?");
}

async function* withoutMark(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  let isStart = true;
  for await (const chunk of chunks) {
    const [first, second, third] = chunk;
    if (isStart && ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || second === 0))
      throw new UserError(
        `${name} is UTF-16 text, not UTF-8. Convert it first, for example: iconv -f utf-16 -t utf-8 old.json > new.json`,
      );
    yield isStart && first === 0xef && second === 0xbb && third === 0xbf ? chunk.subarray(3) : chunk;
    isStart = false;
  }
}

function wordAt(chunk: Buffer, at: number): string {
  return chunk.toString("utf8", at, at + 60).split(/[\r\n]/)[0];
}
