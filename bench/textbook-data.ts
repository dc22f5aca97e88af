// Movie reviews as the textbook program reads them: word numbers of one length, padded in front as Keras does.
// Knows no model.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LabelledRow, Split } from "./data-sets.js";

export interface TextbookPart {
  /** (rows, length), 0 is padding and 1 a word that training rows don't have. */
  ids: Int32Array;
  labels: Int32Array;
  rows: number;
}

export interface TextbookData {
  vocabSize: number;
  length: number;
  classes: string[];
  train: TextbookPart;
  validation: TextbookPart;
}

export function textbookData(split: Split, vocabSize: number, length: number): TextbookData {
  const counts = new Map<string, number>();
  for (const { text } of split.train) for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const frequent = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, vocabSize - 2);
  const numbers = new Map(frequent.map(([word], i) => [word, i + 2]));
  const classes = [...new Set(split.train.map(({ label }) => label))].sort();

  function part(rows: readonly LabelledRow[]): TextbookPart {
    const ids = new Int32Array(rows.length * length);
    for (const [row, { text }] of rows.entries()) {
      const words = wordsOf(text)
        .slice(0, length)
        .map((word) => numbers.get(word) ?? 1);
      ids.set(words, (row + 1) * length - words.length);
    }
    return { ids, labels: Int32Array.from(rows, ({ label }) => classes.indexOf(label)), rows: rows.length };
  }
  return { vocabSize, length, classes, train: part(split.train), validation: part(split.test) };
}

/** What bench/peers/keras_textbook.py reads: little-endian int32 and a JSON file with the sizes. */
export function writeTextbookData(folder: string, data: TextbookData, sizes: Record<string, number>): void {
  mkdirSync(folder, { recursive: true });
  for (const name of ["train", "validation"] as const) {
    writeFileSync(join(folder, `${name}.ids`), new Uint8Array(data[name].ids.buffer));
    writeFileSync(join(folder, `${name}.labels`), new Uint8Array(data[name].labels.buffer));
  }
  const { vocabSize, length, classes, train, validation } = data;
  const meta = { vocabSize, length, classes: classes.length, train: train.rows, validation: validation.rows, ...sizes };
  writeFileSync(join(folder, "meta.json"), JSON.stringify(meta));
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? [];
