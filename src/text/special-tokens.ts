// Finds special tokens in a text, where they stand as they are written. Knows no vocabulary but theirs.
import { stringTree } from "./string-tree.js";

/**
 * Visits the parts of a text in order: `special` is the id of a special token, or -1 for the text between. `false` ends it.
 */
export type PartVisitor = (from: number, to: number, special: number) => unknown;

/**
 * A function that walks a text; the longest of several tokens that begin at one place counts.
 *
 * @example
 * specialTokenFinder(new Map([["<|endoftext|>", 0]]))("a<|endoftext|>", visit); // visit(0, 1, -1), visit(1, 14, 0)
 */
export function specialTokenFinder(specials: ReadonlyMap<string, number>): (text: string, visit: PartVisitor) => void {
  const names = [...specials.keys()].filter((name) => name !== "");
  const { first, longestAt } = stringTree(names);
  return (text, visit) => {
    let from = 0;
    if (names.length > 0) {
      first.lastIndex = 0;
      for (let found = first.exec(text); found; found = first.exec(text)) {
        const number = longestAt(text, found.index);
        if (number < 0) continue;
        if (found.index > from && visit(from, found.index, -1) === false) return;
        from = found.index + names[number].length;
        first.lastIndex = from;
        if (visit(found.index, from, specials.get(names[number])!) === false) return;
      }
    }
    if (from < text.length) visit(from, text.length, -1);
  };
}
