// Colours as marks in our own text. Only the writer (terminal.ts) turns them into a terminal's codes: a code that comes with
// the data is no mark, and is shown instead of obeyed.

/** NO_COLOR (https://no-color.org) wins over FORCE_COLOR (https://force-color.org); otherwise a terminal gets colours. */
export function wantsColors(env: Record<string, string | undefined>, isTerminal: boolean): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return !/^(0|false)$/i.test(env.FORCE_COLOR);
  return isTerminal && env.TERM !== "dumb";
}

/** Another one in each run: no data can know it. */
const seal = `\u0001${Math.random().toString(36).slice(2)}`;
const marks = new RegExp(`${seal}([0-9;]*)m`, "g");
const mark = (code: number | string) => `${seal}${code}m`;

const colors = {
  bold: (text: string) => mark(1) + text + mark(22),
  dim: (text: string) => mark(2) + text + mark(22),
  /** A background for what speaks for (blue) or against (red), the stronger the brighter. @param part from −1 to 1 */
  share(text: string, part: number) {
    const shades = part < 0 ? [52, 88, 124] : [17, 19, 27];
    const strength = Math.floor(Math.abs(part) * (shades.length + 1));
    return strength === 0
      ? text
      : `${mark(`97;48;5;${shades[Math.min(strength, shades.length) - 1]}`)}${text}${mark("39;49")}`;
  },
  /** A drawing of a library that colours it by itself; never a user's text. */
  // biome-ignore lint/suspicious/noControlCharactersInRegex: codes begin with it
  drawn: (text: string) => text.replace(/\x1b\[([0-9;]*)m/g, `${seal}$1m`),
};

export default colors;

export function withoutColors(text: string): string {
  return text.replace(marks, "");
}

/** The text between marks as `show` makes it, and the marks as codes, or left out. */
export function withCodes(text: string, wanted: boolean, show: (part: string) => string): string {
  // Every second part is what a mark says.
  return text
    .split(marks)
    .map((part, i) => (i % 2 === 0 ? show(part) : wanted ? `\x1b[${part}m` : ""))
    .join("");
}
