// The texts that a language model predicts worst: often another language, broken text, copied boilerplate.

export interface OddRow {
  /** Counted from 1, in the order of the table. */
  row: number;
  bitsPerByte: number;
  text: string;
}

/** The first words of a text are hard to predict, so that the shortest texts would always come first. */
const shortestBytes = 20;
const most = 5;
const shownLength = 500;

/**
 * Keeps the five texts of at least 20 bytes with the most bits per byte.
 *
 * @example
 * const oddest = oddestTexts();
 * oddest.look(1, 7.5, 24, "asdf jkl; asdf jkl; asdf");
 * oddest.rows(); // [{ row: 1, bitsPerByte: 7.5, text: "asdf jkl; asdf jkl; asdf" }]
 */
export function oddestTexts() {
  const kept: OddRow[] = [];
  return {
    look(row: number, bitsPerByte: number, bytes: number, text: string): void {
      const last = kept[most - 1] as OddRow | undefined;
      if (bytes < shortestBytes || (last && last.bitsPerByte >= bitsPerByte)) return;
      if (last) kept.pop();
      const place = kept.findIndex((other) => other.bitsPerByte < bitsPerByte);
      kept.splice(place < 0 ? kept.length : place, 0, { row, bitsPerByte, text: text.slice(0, shownLength) });
    },
    /** The most unusual first. */
    rows: (): OddRow[] => kept,
  };
}
