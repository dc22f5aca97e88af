// The words of many texts as numbers in a temporary file, and their vocabulary: what every method counts or trains on.
// Texts are read once; memory grows with the number of distinct words, not with the texts.
import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { CancelledError, UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import type { Watch } from "../base/progress.js";
import { scanSegmentedWords } from "../text/segmented-words.js";
import { createWordTable, numberOf, type WordTable, wordOf } from "../text/word-table.js";

export interface Corpus {
  /** The most frequent word first; words equally frequent in the order of their code units. */
  words: string[];
  counts: Float64Array;
  /** Sum of `counts`. */
  tokens: number;
  texts: number;
  /** Int32 numbers: each word by its order of first occurrence, `textEnd` after each text. */
  path: string;
  /** Numbers in the file. */
  length: number;
  /** Maps the number in the file to the row in `words`; -1 for an omitted word. Shared with workers. */
  ids: Int32Array;
}

export interface CorpusOptions {
  /** Rarer words are omitted. */
  minCount: number;
  /** Keeps at most this many words, the most frequent ones. */
  vocabSize?: number;
  /** Whether to convert words to lower case. */
  lowercase: boolean;
  /** For the temporary file. */
  folder: string;
  /** Number of texts to come, if known: for progress. */
  expectedTexts?: number;
}

export const textEnd = -1;

/** Some texts; if `continues`, the first of the next batch continues the last one. */
export type Texts = readonly string[] | { texts: readonly string[]; continues: boolean };

/**
 * Words are BERT's words that contain a letter or a digit, as seen by the models' tokenizers, except that
 * scripts without spaces are split by a dictionary.
 *
 * @throws UserError when no word remains
 * @example
 * const corpus = await readCorpus([["the river bank"]], { minCount: 1, lowercase: true, folder });
 */
export async function readCorpus(
  batches: AsyncIterable<Texts> | Iterable<Texts>,
  { minCount, vocabSize = Number.POSITIVE_INFINITY, lowercase, folder, expectedTexts }: CorpusOptions,
  watch: Watch = {},
): Promise<Corpus> {
  const path = join(folder, "words.int32");
  const table = createWordTable();
  let seen = new Float64Array(1 << 12);
  const file = openSync(path, "w");
  const buffer = new Int32Array(1 << 16);
  let held = 0;
  let length = 0;
  let texts = 0;
  const flush = () => {
    writeWhole(file, new Uint8Array(buffer.buffer, 0, 4 * held));
    length += held;
    held = 0;
  };
  const put = (number: number) => {
    if (held === buffer.length) flush();
    buffer[held++] = number;
  };
  try {
    for await (const batch of batches) {
      if (watch.signal?.aborted) throw new CancelledError("Stopped while the texts were read; nothing was written.");
      const { texts: own, continues } = "texts" in batch ? batch : { texts: batch, continues: false };
      for (const [i, text] of own.entries()) {
        for (const piece of pieces(text)) {
          const { count, bounds, cased, altered } = scanSegmentedWords(piece, lowercase);
          for (let w = 0; w < count; w++) {
            const changed = altered.get(w);
            const number =
              changed === undefined
                ? numberOf(table, cased, bounds[2 * w], bounds[2 * w + 1])
                : numberOf(table, changed, 0, changed.length);
            if (number >= seen.length) seen = doubled(seen);
            seen[number]++;
            put(number);
          }
        }
        if (continues && i === own.length - 1) continue;
        put(textEnd);
        texts++;
      }
      const share = expectedTexts === undefined ? { done: 0, total: 1 } : { done: texts, total: expectedTexts };
      watch.onProgress?.({ stage: "reading words", ...share, note: `${(length / 1e6).toFixed(1)} million` });
    }
    flush();
  } finally {
    closeSync(file);
  }
  const { different, ...vocabulary } = chooseWords(table, seen, minCount, vocabSize);
  if (vocabulary.words.length === 0)
    throw new UserError(
      different === 0
        ? `The texts contain no words. Choose another column with ${option("text")}.`
        : `No word occurs ${minCount} times or more in the ${texts} texts. Lower ${option("minCount")}.`,
    );
  return { ...vocabulary, texts, path, length };
}

function chooseWords(table: WordTable, seen: Float64Array, minCount: number, vocabSize: number) {
  const kept: { number: number; word: string }[] = [];
  let different = 0;
  for (let number = 0; number < table.count; number++) {
    const word = wordOf(table, number);
    if (!/[\p{L}\p{N}]/u.test(word)) continue;
    different++;
    if (seen[number] >= minCount) kept.push({ number, word });
  }
  kept.sort((a, b) => seen[b.number] - seen[a.number] || (a.word < b.word ? -1 : 1));
  const chosen = kept.slice(0, vocabSize);
  const ids = new Int32Array(new SharedArrayBuffer(4 * Math.max(1, table.count))).fill(-1);
  for (const [id, { number }] of chosen.entries()) ids[number] = id;
  const counts = Float64Array.from(chosen, ({ number }) => seen[number]);
  const tokens = counts.reduce((a, b) => a + b, 0);
  return { words: chosen.map(({ word }) => word), counts, tokens, ids, different };
}

/** Long texts are scanned part by part, cut at white space, so that they are never lower-cased as a whole. */
function* pieces(text: string): Generator<string> {
  const size = 1 << 16;
  for (let from = 0; from < text.length; ) {
    let to = from + size;
    if (to >= text.length) to = text.length;
    else {
      const blank = Math.max(text.lastIndexOf(" ", to), text.lastIndexOf("\n", to));
      if (blank > from) to = blank + 1;
    }
    yield text.slice(from, to);
    from = to;
  }
}

function doubled(values: Float64Array): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(2 * values.length);
  longer.set(values);
  return longer;
}

/** Writes all bytes: a single call may write fewer. */
export function writeWhole(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

/** Reads up to `target.length` numbers from place `start` of a file of 32-bit numbers; returns how many there were. */
export function readNumbers(file: number, target: Int32Array | Uint32Array | Float32Array, start: number): number {
  const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
  let at = 0;
  while (at < bytes.length) {
    const got = readSync(file, bytes, at, bytes.length - at, 4 * start + at);
    if (got === 0) break;
    at += got;
  }
  return at >> 2;
}
