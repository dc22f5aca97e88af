// Options in messages. A message marks them, and whoever shows it spells them: the command line as flags, a program by their
// names.

/** Unicode keeps these two for use inside a program: no text has them. */
const [begin, end] = ["\uFDD0", "\uFDD1"];

/** How an option is written, by its name in camelCase. */
export type OptionSpelling = (name: string) => string;

/**
 * An option in the text of an error, a message or another option's description. (It is a spelling too: for a message that
 * another one tells.)
 *
 * @example
 * throw new UserError(`'${path}' is a file. Choose another path with ${option("out")}.`); // with --out, or with out
 */
export const option: OptionSpelling = (name) => `${begin}${name}${end}`;

/** @param spelling - by default the name itself */
export function spellOptions(text: string, spelling: OptionSpelling = (name) => name): string {
  return text.replace(/\uFDD0(\w+)\uFDD1/g, (_, name: string) => spelling(name));
}
