// Whether a character belongs to a class of a regular expression: asked of the engine once for each, then looked up.

export type CharacterTest = (code: number) => boolean;

const known = new Map<string, CharacterTest>();
const mostKnown = 1000;

/** @param source one character, class or escape, as it stands in an expression */
export function characterTest(source: string, flags: string): CharacterTest {
  const own = flags.replace(/[^iuvs]/g, "");
  const key = `${own} ${source}`;
  const found = known.get(key);
  if (found) return found;
  const expression = new RegExp(`^(?:${source})$`, own);
  /** By 256 code points: 1 for no, 2 for yes. */
  const pages: (Uint8Array | undefined)[] = new Array(0x1100).fill(undefined);
  const test = (code: number) => {
    pages[code >> 8] ??= new Uint8Array(256);
    const page = pages[code >> 8]!;
    if (page[code & 255] === 0) page[code & 255] = expression.test(String.fromCodePoint(code)) ? 2 : 1;
    return page[code & 255] === 2;
  };
  if (known.size === mostKnown) known.clear();
  known.set(key, test);
  return test;
}
