// Plain text files as rows: a file is one text. Knows how DuckDB reads them, and how they are read in pieces without it.
import { createWriteStream } from "node:fs";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { UserError } from "../base/errors.js";
import { type Database, literal } from "./database.js";
import { fileChunks, isGzip } from "./file-chunks.js";
import { brokenLine, unfinishedTail } from "./utf8.js";

/** SQL that reads the files in their order: `file` and `text`, without a byte order mark. Zipped ones are unzipped aside. */
export async function textReader({ folder, pathOf }: Database, files: readonly string[]): Promise<string> {
  const paths: string[] = [];
  for (const [i, file] of files.entries()) {
    if (isGzip(file)) {
      paths.push(join(folder, `text-${i}`));
      await pipeline(fileChunks(file), createWriteStream(paths[i]));
    } else paths.push(pathOf(file));
  }
  const others = paths.flatMap((path, i) => (path === files[i] ? [] : [[path, files[i]]]));
  const names = others.map(([path, file]) => `${literal(path)}: ${literal(file)}`);
  const name = names.length === 0 ? "filename" : `coalesce(MAP {${names.join(", ")}}[filename], filename)`;
  const list = paths.map(literal).join(", ");
  return `(SELECT ${name} AS file, ltrim(content, chr(65279)) AS text FROM read_text([${list}]))`;
}

/** Pieces are about so long, in UTF-16 units. */
const pieceLength = 1 << 21;
/** Without any white space in so many units, a text is cut where it happens to be. */
const longestWord = 1 << 26;

/**
 * The text of one file, piece by piece. Pieces are cut before white space that follows something else, so that a
 * tokenizer finds the same words in the pieces as in the whole.
 *
 * @throws UserError for bytes that are not UTF-8.
 */
export async function* textPieces(path: string): AsyncGenerator<{ text: string; isLast: boolean }> {
  const decoder = new TextDecoder("utf-8");
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  let text = "";
  for await (const chunk of fileChunks(path)) {
    const badLine = brokenLine(rest, chunk, line);
    if (badLine > 0) throw notUtf8(path, badLine);
    rest = unfinishedTail(rest, chunk);
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) line++;
    text += decoder.decode(chunk, { stream: true });
    if (text.length < pieceLength) continue;
    const cut = lastCut(text);
    if (cut === 0) continue;
    yield { text: text.slice(0, cut), isLast: false };
    text = text.slice(cut);
  }
  if (rest.length > 0) throw notUtf8(path, line);
  yield { text: text + decoder.decode(), isLast: true };
}

/** Before the last white space that follows something else; 0 to wait for more. */
function lastCut(text: string): number {
  for (let at = text.length - 1; at > 0; at--)
    if (/[\t\n\r ]/.test(text[at]) && !/[\s\u0085]/.test(text[at - 1])) return at;
  if (text.length < longestWord) return 0;
  return (text.charCodeAt(text.length - 1) & 0xfc00) === 0xd800 ? text.length - 1 : text.length;
}

function notUtf8(path: string, line: number): UserError {
  return new UserError(
    `${path}, line ${line}: not UTF-8 text. Convert the file first, for example: ` +
      `iconv -f windows-1252 -t utf-8 ${basename(path)} > utf8-${basename(path)}`,
  );
}
