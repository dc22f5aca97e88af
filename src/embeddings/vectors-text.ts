// Vectors as text: a line a word, its numbers behind it. word2vec puts "words dimensions" in front, GloVe nothing.

import { once } from "node:events";
import { createWriteStream, statSync } from "node:fs";
import { counted } from "../base/counted.js";
import { UserError } from "../base/errors.js";
import { encodingOf } from "../base/text-encoding.js";
import { isGzip, openBytes } from "./vector-bytes.js";
import { createVectorList } from "./vector-list.js";
import type { WordVectors } from "./word-vectors.js";

const newline = 10;
const space = 32;

/**
 * Reads both layouts, plain or gzipped. A word may hold blanks (GloVe's 840B file has some): the last `dim` fields are
 * the numbers.
 *
 * @throws UserError that gives the line
 */
export async function readVectorsText(path: string): Promise<{ vectors: WordVectors; repeated: number }> {
  const bytes = openBytes(path);
  try {
    let line = await bytes.until(newline);
    if (!line) throw new UserError(`${path} is empty.`);
    const header = /^(\d{1,9}) (\d{1,6})\s*$/.exec(decoder.decode(line.subarray(0, 100)));
    const dim = header ? Number(header[2]) : numbersAtEnd(line);
    let number = 1;
    if (header) {
      line = await bytes.until(newline);
      number++;
    }
    if (dim < 1 && line) throw new UserError(`${path}, line ${number}${faultOfFirst(line)}`);
    // A number takes two bytes at least: what the header claims is not believed beyond that.
    const expected = header ? Number(header[1]) : 1024;
    const most = isGzip(path) ? 1024 : Math.ceil(statSync(path).size / (2 * dim));
    const list = createVectorList(dim, Math.min(expected, most));
    for (; line; line = await bytes.until(newline), number++) {
      const end = trimmedEnd(line);
      if (end === 0) continue;
      const wordEnd = startOfNumbers(line, end, dim);
      if (wordEnd <= 0 || endsInNumber(line, wordEnd)) {
        const there = wordEnd <= 0 ? Math.max(0, fieldsOf(line) - 1) : numbersAtEnd(line);
        throw new UserError(
          `${path}, line ${number}: ${counted(there, "number")}, not ${dim}, as ${header ? "the header says" : "line 1 has"}. ` +
            "The file is damaged, or its vectors have different lengths.",
        );
      }
      const row = list.add(decoder.decode(line.subarray(0, wordEnd)));
      if (row) parseNumbers(line, wordEnd, end, row, () => `${path}, line ${number}`);
    }
    const { length, repeated } = list;
    if (header && length + repeated !== expected)
      throw new UserError(
        `${path} should contain ${expected} words, but contains ${length + repeated}: it is damaged. Download or save it again.`,
      );
    return { vectors: list.finish(), repeated };
  } finally {
    bytes.close();
  }
}

/** Numbers are written with the fewest digits that give the same 32-bit float back. */
export async function writeVectorsText(
  path: string,
  { words, dim, vectors }: WordVectors,
  layout: "word2vec" | "glove",
): Promise<void> {
  const file = createWriteStream(path);
  const failed = once(file, "error").then(([error]) => {
    throw error;
  });
  failed.catch(() => {});
  let text = layout === "word2vec" ? `${words.length} ${dim}\n` : "";
  for (const [id, word] of words.entries()) {
    text += plainWord(word);
    for (let d = 0; d < dim; d++) text += ` ${shortest(vectors[id * dim + d])}`;
    text += "\n";
    if (text.length < 1 << 20) continue;
    if (!file.write(text)) await Promise.race([once(file, "drain"), failed]);
    text = "";
  }
  file.end(text);
  await Promise.race([once(file, "finish"), failed]);
}

/** Words of these formats end at a blank and lines at a line end. */
export function plainWord(word: string): string {
  if (!/[\s]/.test(word)) return word;
  throw new UserError(
    `The word ${JSON.stringify(word)} contains a space, which this format does not allow. Write safetensors instead.`,
  );
}

const decoder = new TextDecoder();

function shortest(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}

function trimmedEnd(line: Uint8Array): number {
  let end = line.length;
  while (end > 0 && (line[end - 1] === space || line[end - 1] === 13 || line[end - 1] === 9)) end--;
  return end;
}

const isBlank = (byte: number) => byte === space || byte === 9;

function fieldsOf(line: Uint8Array): number {
  let fields = 0;
  const end = trimmedEnd(line);
  for (let i = 0; i < end; i++) if (!isBlank(line[i]) && (i === 0 || isBlank(line[i - 1]))) fields++;
  return fields;
}

/** A row that is too long: its first number would become part of the word. */
function endsInNumber(line: Uint8Array, wordEnd: number): boolean {
  let start = wordEnd;
  while (start > 0 && !isBlank(line[start - 1])) start--;
  return start > 0 && isNumber(decoder.decode(line.subarray(start, wordEnd)));
}

/** What is wrong with a line that does not end in numbers. */
function faultOfFirst(line: Uint8Array): string {
  const encoding = encodingOf(line.subarray(0, line.length & ~3));
  if (encoding) return ` is not UTF-8 text, but ${encoding.name}. Convert it: iconv -f ${encoding.iconv} -t utf-8`;
  const text = decoder.decode(line.subarray(0, 10_000)).trim();
  const last = text.split(/\s+/).at(-1)!;
  if (isDecimalComma(last)) return commaFault(last);
  if (text.split(/[,;]/).slice(1).every(isNumber) && /[,;]/.test(text))
    return ": the numbers are separated by commas or semicolons. Separate them with spaces.";
  return `: expected a word and its numbers, separated by spaces, not '${text.slice(0, 40)}'.`;
}

const isDecimalComma = (text: string) => /^[+-]?\d*,\d+(e[+-]?\d+)?$/i.test(text);
const commaFault = (text: string) => `: '${text.slice(0, 40)}' has a decimal comma. Write ${text.replace(",", ".")}.`;

/** How many of the last fields are numbers; the first field is a word in any case. */
function numbersAtEnd(line: Uint8Array): number {
  const fields = decoder
    .decode(line)
    .trim()
    .split(/[ \t]+/);
  let numbers = 0;
  while (numbers < fields.length - 1 && isNumber(fields[fields.length - 1 - numbers])) numbers++;
  return numbers;
}

const isNumber = (text: string) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);

/** Where the blank before the last `dim` fields is; 0 or less when there are not so many. */
function startOfNumbers(line: Uint8Array, end: number, dim: number): number {
  let at = end;
  for (let fields = 0; fields < dim; fields++) {
    while (at > 0 && !isBlank(line[at - 1])) at--;
    while (at > 0 && isBlank(line[at - 1])) at--;
  }
  return at;
}

const powers = Array.from({ length: 23 }, (_, i) => 10 ** i);

/** Up to 15 digits and powers of ten up to 22 are exact in doubles (W. Clinger 1990); the rest is left to Number. */
function parseNumbers(line: Uint8Array, from: number, end: number, row: Float32Array, where: () => string): void {
  let at = from;
  for (let d = 0; d < row.length; d++) {
    while (isBlank(line[at])) at++;
    const start = at;
    const negative = line[at] === 45;
    if (negative || line[at] === 43) at++;
    let mantissa = 0;
    let digits = 0;
    let decimals = 0;
    let isPlain = true;
    let seenDot = false;
    for (; at < end && !isBlank(line[at]); at++) {
      const digit = line[at] - 48;
      if (digit >= 0 && digit <= 9) {
        mantissa = 10 * mantissa + digit;
        digits++;
        if (seenDot) decimals++;
      } else if (line[at] === 46 && !seenDot) seenDot = true;
      else isPlain = false;
    }
    let value: number;
    if (isPlain && digits > 0 && digits <= 15 && decimals <= 22)
      value = (negative ? -mantissa : mantissa) / powers[decimals];
    else {
      const text = decoder.decode(line.subarray(start, at));
      value = isNumber(text) ? Number(text) : Number.NaN;
      if (isDecimalComma(text)) throw new UserError(`${where()}${commaFault(text)}`);
      if (!Number.isFinite(Math.fround(value)))
        throw new UserError(
          `${where()}: '${text.slice(0, 40)}' is not a finite number. Correct the line, or create the file again.`,
        );
    }
    row[d] = value;
  }
}
