// Names in commands that people copy.

/**
 * @example
 * shellWord("my file.csv"); // "'my file.csv'"
 */
export function shellWord(text: string): string {
  return /^[\w.,:/@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
