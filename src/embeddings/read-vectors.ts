// From a path to vectors: the folder of columnist embeddings train, or a file in word2vec's or GloVe's format.
import { statSync } from "node:fs";
import { counted } from "../base/counted.js";
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { formatOf } from "../tables/file-format.js";
import { checkVectorFile, isGzip, openBytes } from "./vector-bytes.js";
import { readVectorsBinary } from "./vectors-binary.js";
import { readVectorsFolder } from "./vectors-folder.js";
import { readVectorsText } from "./vectors-text.js";
import type { WordVectors } from "./word-vectors.js";

/**
 * Opens a vectors folder, or a file of vectors: word2vec text and binary (distinguished by content), GloVe text; each
 * may be gzipped.
 *
 * @param onMessage - receives a message if the file contains words more than once; the first vector is used.
 * @throws UserError when there is nothing at the path, or it is damaged; the message gives the file and the line
 * @example
 * const vectors = await readWordVectors("glove.6B.300d.txt");
 * vectorOf(vectors, "river");
 */
export async function readWordVectors(path: string, onMessage?: (message: string) => void): Promise<WordVectors> {
  checkVectorFile(path);
  if (statSync(path).isDirectory()) return (await readVectorsFolder(path)).vectors;
  const format = isGzip(path) ? undefined : formatOf(path);
  if (format)
    throw new UserError(`${path} is ${format.what}, not a file of word vectors. Unpack it, or specify the text file.`);
  try {
    const { vectors, repeated } = (await isBinary(path)) ? await readVectorsBinary(path) : await readVectorsText(path);
    if (repeated > 0)
      onMessage?.(`${path}: ${counted(repeated, "repeated word")}; only the first vector of each is used.`);
    if (vectors.words.length === 0) throw new UserError(`${path} contains no words.`);
    return vectors;
  } catch (error) {
    if (error instanceof UserError && !error.message.includes(path))
      throw new UserError(`${path}: ${error.spelled(option)}`, { cause: error });
    throw error;
  }
}

/** Behind the first word of the first vector, text has a number and a blank; raw floats have other bytes. */
async function isBinary(path: string): Promise<boolean> {
  const bytes = openBytes(path);
  try {
    const first = await bytes.until(10);
    if (!first || !/^\d+ \d+\s*$/.test(new TextDecoder().decode(first.subarray(0, 100)))) return false;
    if (!(await bytes.until(32))) return false;
    const number = await bytes.until(32);
    return !/^[-+]?(\d+[.,]?\d*|[.,]\d+|nan|inf(inity)?)(e[-+]?\d+)?\s*($|\n)/i.test(
      new TextDecoder("latin1").decode(number?.subarray(0, 64)),
    );
  } finally {
    bytes.close();
  }
}
