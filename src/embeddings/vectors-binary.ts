// word2vec's binary layout: a line "words dimensions", then each word, a blank and its 32-bit floats (little-endian).
import { once } from "node:events";
import { createWriteStream, statSync } from "node:fs";
import { UserError } from "../base/errors.js";
import { isGzip, openBytes } from "./vector-bytes.js";
import { createVectorList } from "./vector-list.js";
import { plainWord } from "./vectors-text.js";
import type { WordVectors } from "./word-vectors.js";

/** @throws UserError for a damaged file */
export async function readVectorsBinary(path: string): Promise<{ vectors: WordVectors; repeated: number }> {
  const bytes = openBytes(path);
  const damaged = (what: string) => new UserError(`${path} is damaged: ${what}. Download or save it again.`);
  try {
    const first = await bytes.until(10);
    const header = /^(\d{1,9}) (\d{1,6})\s*$/.exec(decoder.decode(first?.subarray(0, 100)));
    if (!header)
      throw new UserError(`${path} is not in word2vec's binary format: its first line is not "words dimensions".`);
    const [count, dim] = [Number(header[1]), Number(header[2])];
    if (dim < 1) throw damaged("its vectors have no dimensions");
    // A word takes two bytes and its numbers at least: what the header claims is not believed beyond that.
    const most = isGzip(path) ? 1024 : Math.ceil(statSync(path).size / (2 + 4 * dim));
    const list = createVectorList(dim, Math.min(count, most));
    for (let i = 0; i < count; i++) {
      const bytesOfWord = await bytes.until(32);
      const word = bytesOfWord && decoder.decode(bytesOfWord[0] === 10 ? bytesOfWord.subarray(1) : bytesOfWord);
      const numbers = word === undefined ? undefined : await bytes.take(4 * dim);
      if (!numbers) throw damaged(`it should contain ${count} words, but ends within word ${i + 1}`);
      const row = list.add(word!);
      if (!row) continue;
      const view = new DataView(numbers.buffer, numbers.byteOffset, numbers.length);
      for (let d = 0; d < dim; d++) row[d] = view.getFloat32(4 * d, true);
    }
    const rest = await bytes.take(2);
    if (rest) throw damaged(`there is more data after its ${count} words`);
    return { vectors: list.finish(), repeated: list.repeated };
  } finally {
    bytes.close();
  }
}

export async function writeVectorsBinary(path: string, { words, dim, vectors }: WordVectors): Promise<void> {
  const file = createWriteStream(path);
  const failed = once(file, "error").then(([error]) => {
    throw error;
  });
  failed.catch(() => {});
  file.write(`${words.length} ${dim}\n`);
  for (const [id, word] of words.entries()) {
    const numbers = Buffer.from(vectors.buffer, vectors.byteOffset + 4 * id * dim, 4 * dim);
    const isOpen = file.write(Buffer.concat([Buffer.from(`${plainWord(word)} `), numbers, Buffer.from("\n")]));
    if (!isOpen) await Promise.race([once(file, "drain"), failed]);
  }
  file.end();
  await Promise.race([once(file, "finish"), failed]);
}

const decoder = new TextDecoder();
