// The pairs of one stretch of the corpus, as one pass of skip-gram draws them, in a grid of cells by input and output word
// modulo the grid's side. Runs in a worker thread.
import { closeSync, openSync } from "node:fs";
import { mixSeed } from "../../base/random.js";
import { readNumbers, textEnd } from "../corpus.js";

export interface DrawInput {
  corpus: string;
  ids: Int32Array;
  from: number;
  to: number;
  window: number;
  /** Of this pass. */
  seed: number;
  /** Chance of each word to stay, in 2^32nds. */
  keep: Uint32Array;
  side: number;
}

/**
 * For each cell (input + side · output, both modulo side) its pairs: input, output, input, output … Windows have 1 to
 * `window` words to each side, evenly drawn; they end with the stretch.
 */
export function drawPairs({ corpus, ids, from, to, window, seed, keep, side }: DrawInput): Int32Array[] {
  const numbers = new Int32Array(to - from);
  const file = openSync(corpus, "r");
  try {
    readNumbers(file, numbers, from);
  } finally {
    closeSync(file);
  }
  // The words that stay, with -1 between texts, and each one's window.
  const words = new Int32Array(numbers.length);
  const windows = new Uint8Array(numbers.length);
  let count = 0;
  for (let i = 0; i < numbers.length; i++) {
    const word = numbers[i] === textEnd ? -1 : ids[numbers[i]];
    if (word < 0 && numbers[i] !== textEnd) continue;
    const drawn = mixSeed(seed, from + i);
    if (word >= 0 && drawn > keep[word]) continue;
    words[count] = word;
    windows[count++] = 1 + (mixSeed(drawn, 1) % window);
  }
  const sizes = new Int32Array(side * side);
  eachPair((input, output) => {
    sizes[(input % side) + side * (output % side)] += 2;
  });
  const cells = Array.from(sizes, (size) => new Int32Array(size));
  const held = new Int32Array(side * side);
  eachPair((input, output) => {
    const cell = (input % side) + side * (output % side);
    cells[cell][held[cell]++] = input;
    cells[cell][held[cell]++] = output;
  });
  return cells;

  function eachPair(use: (input: number, output: number) => void): void {
    for (let i = 0; i < count; i++) {
      const word = words[i];
      if (word < 0) continue;
      for (let direction = -1; direction <= 1; direction += 2)
        for (let distance = 1; distance <= windows[i]; distance++) {
          const other = i + direction * distance;
          if (other < 0 || other >= count || words[other] < 0) break;
          use(word, words[other]);
        }
    }
  }
}
