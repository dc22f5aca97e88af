// How large parts of a table may be, whatever file they come from. What is beyond is a mistake (a quote that is not closed) or
// meant to exhaust memory: all of a row is in memory several times while it is read, scored and written.
import { getHeapStatistics } from "node:v8";
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";

/** Bytes of one row, or of one value. */
export const longestRow = 64 << 20;

/** Names of columns become SQL that DuckDB plans in a time that grows with their square. */
export const mostColumns = 10_000;

/** @throws UserError when there are too many */
export function checkColumnCount(count: number, name: string): void {
  if (count > mostColumns)
    throw new UserError(
      `${name} has ${count} columns; at most ${mostColumns} can be read. Choose some of them first, or write JSON Lines, where ` +
        "each row has its own fields.",
    );
}

/** UTF-16 units of text that may be in memory at once: a quarter of the heap, where each may take two bytes. */
export const mostText = () => Math.min(2 ** 30, getHeapStatistics().heap_size_limit / 4);

/** @returns counts a text, and throws a UserError when all of them are too long */
export function textsInMemory(description: string): (text: string) => void {
  const most = mostText();
  let length = 0;
  return (text) => {
    length += text.length;
    if (length > most)
      throw new UserError(
        `${description}: its texts have more than ${Math.floor(most / 1e6)} million characters, too many for memory at once. ` +
          `Choose fewer rows with ${option("query")}, or give Node more memory (its option max-old-space-size, in MB)`,
      );
  };
}
