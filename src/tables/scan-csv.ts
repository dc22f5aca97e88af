// Walks a CSV file once, byte by byte, before DuckDB reads it: counts its records and names the line of every fault.
// DuckDB drops the rest of a file after a quote that is left open, and the tail of a cut gzip file, without a word;
// with this count it can't. Knows the grammar of CSV (RFC 4180), nothing of columns' meaning.
import { basename } from "node:path";
import { counted } from "../base/counted.js";
import { UserError } from "../base/errors.js";
import { type CsvHeader, csvChunks } from "./csv-header.js";
import { longestRow } from "./limits.js";
import { brokenLine, unfinishedTail } from "./utf8.js";

export interface CsvScan {
  /** Records without the header. */
  records: number;
  /** How a quote stands inside quotes: doubled, or after a backslash. */
  escape: '"' | "\\";
  /** Both \n and \r\n (or \r) end records in this file. */
  mixedLineEnds: boolean;
  /** Bytes of the longest record. */
  longest: number;
}

/** Throws UserError for a record with the wrong number of fields, a misplaced or open quote, and broken UTF-8. */
export async function scanCsv(path: string, description: string, header: CsvHeader): Promise<CsvScan> {
  const doubled = await walk(path, description, header, '"');
  if (!("fault" in doubled)) return doubled;
  if (doubled.fault.isQuote) {
    const backslash = await walk(path, description, header, "\\");
    if (!("fault" in backslash)) return backslash;
  }
  throw new UserError(`${description}, line ${doubled.fault.line}: ${doubled.fault.message}`);
}

interface Fault {
  line: number;
  message: string;
  isQuote: boolean;
}

const [fieldStart, unquoted, quoted, afterQuote, afterEscape] = [0, 1, 2, 3, 4];
const [lf, cr, quote, space] = [0x0a, 0x0d, 0x22, 0x20];
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

async function walk(
  path: string,
  description: string,
  header: CsvHeader,
  escapedBy: '"' | "\\",
): Promise<CsvScan | { fault: Fault }> {
  const delimiter = header.delimiter.charCodeAt(0);
  const backslash = escapedBy === "\\" ? 0x5c : -1;
  const width = header.names.length;
  let state = fieldStart;
  let fields = 1;
  let line = 1 + header.skip;
  let recordLine = line;
  let recordBytes = 0;
  let records = 0;
  let longest = 0;
  let blank = true;
  let spaced = false;
  let lastCr = false;
  const ends = { lf: false, crlf: false, cr: false };
  let rest = Buffer.alloc(0);
  const found = (message: string, isQuote: boolean, at = recordLine): { fault: Fault } => ({
    fault: { line: at, message, isQuote },
  });
  const wrongWidth = () =>
    found(
      `${counted(fields, "field")}, but the header names ${counted(width, "column")} (${header.names.join(", ")}). ` +
        `Quote texts that contain ${nameOf(header.delimiter)} or a line break.`,
      false,
    );

  /** Ends a record; false when its number of fields is wrong. */
  function endRecord(): boolean {
    if (recordBytes > longest) longest = recordBytes;
    if (!blank || width === 1) {
      if (fields !== width) return false;
      records++;
    }
    fields = 1;
    recordBytes = 0;
    blank = true;
    spaced = false;
    state = fieldStart;
    return true;
  }

  let isFirst = true;
  for await (const part of csvChunks(path, description, header.skip)) {
    const chunk = isFirst && part.subarray(0, 3).equals(byteOrderMark) ? part.subarray(3) : part;
    isFirst = false;
    const badLine = brokenLine(rest, chunk, line);
    if (badLine > 0)
      return found(
        `not UTF-8 text. Convert the file first, for example: iconv -f windows-1252 -t utf-8 ${basename(description)} > utf8-${basename(description)}`,
        false,
        badLine,
      );
    rest = unfinishedTail(rest, chunk);
    const length = chunk.length;
    for (let i = 0; i < length; i++) {
      const byte = chunk[i];
      if (lastCr) {
        lastCr = false;
        if (byte === lf) {
          if (state !== quoted) {
            ends.crlf = true;
            recordLine = line;
            continue;
          }
          recordBytes++;
          continue;
        }
        if (state === fieldStart && recordBytes === 0) ends.cr = true;
      }
      recordBytes++;
      if (state === quoted) {
        if (byte === quote) state = afterQuote;
        else if (byte === backslash) state = afterEscape;
        else if (byte === lf) line++;
        else if (byte === cr) {
          line++;
          lastCr = true;
        }
        continue;
      }
      if (state === afterEscape) {
        if (byte === lf || byte === cr) line++;
        state = quoted;
        continue;
      }
      if (byte === lf || byte === cr) {
        line++;
        recordBytes--;
        if (!endRecord()) return wrongWidth();
        recordLine = line;
        if (byte === cr) lastCr = true;
        else ends.lf = true;
      } else if (byte === delimiter) {
        fields++;
        blank = false;
        spaced = false;
        state = fieldStart;
      } else if (state === fieldStart) {
        blank = false;
        if (byte === quote) {
          state = quoted;
          spaced = false;
        } else if (byte === space) spaced = true;
        else state = unquoted;
      } else if (state === afterQuote) {
        if (byte === quote && !spaced && backslash < 0) state = quoted;
        else if (byte === space) spaced = true;
        else
          return found(
            `a quote inside a quoted text is not doubled (write "" for "), or an earlier quote is not closed.`,
            true,
          );
      }
    }
    if (recordBytes > longestRow)
      return found(
        `this record is longer than ${longestRow >> 20} MB. Shorten its texts, or close a quote that is left open.`,
        state !== unquoted,
      );
  }
  if (rest.length > 0) return found("the file ends inside a UTF-8 character. Is it truncated?", false, line);
  if (state === quoted || state === afterEscape) return found("a quote opened in this record is never closed.", true);
  if (lastCr) ends.cr = true;
  if (recordBytes > 0 && !endRecord()) return wrongWidth();
  if (longest === 0 && records === 0) return found("there is no record", false);
  return {
    records: records - 1,
    escape: escapedBy,
    mixedLineEnds: Number(ends.lf) + Number(ends.crlf) + Number(ends.cr) > 1,
    longest,
  };
}

function nameOf(delimiter: string): string {
  return delimiter === "\t" ? "a tab" : `'${delimiter}'`;
}
