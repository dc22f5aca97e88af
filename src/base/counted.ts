// Numbers of things in a sentence.

/**
 * @example
 * counted(1, "row"); // "1 row"
 * counted(1200, "entry", "entries"); // "1200 entries"
 */
export function counted(count: number, thing: string, things = `${thing}s`): string {
  return `${count} ${count === 1 ? thing : things}`;
}
