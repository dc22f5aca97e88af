// Finds special tokens in a text, where they stand as they are written. Knows no vocabulary but theirs.

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
  const names = [...specials.keys()].filter((name) => name !== "").sort((a, b) => b.length - a.length);
  const anySpecial = new RegExp(names.map((name) => name.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")).join("|"), "g");
  return (text, visit) => {
    let from = 0;
    if (names.length > 0) {
      anySpecial.lastIndex = 0;
      for (let found = anySpecial.exec(text); found; found = anySpecial.exec(text)) {
        if (found.index > from && visit(from, found.index, -1) === false) return;
        from = found.index + found[0].length;
        if (visit(found.index, from, specials.get(found[0])!) === false) return;
      }
    }
    if (from < text.length) visit(from, text.length, -1);
  };
}
