// What every decoder's settings are checked for. They may come from a stranger.
import { UserError } from "../../base/errors.js";

/** Tokens that are read at once at most: the tables of positions stay small, whatever a file promises. */
export const longestContext = 1 << 15;
const widestHead = 1 << 12;

export function checkHeads(
  of: { heads: number; keyValueHeads: number; headWidth: number; isRotary: boolean },
  path: string,
): void {
  const { heads, keyValueHeads, headWidth, isRotary } = of;
  const wrong =
    heads % keyValueHeads !== 0
      ? `${heads} attention heads cannot share ${keyValueHeads} keys and values evenly`
      : !Number.isInteger(headWidth) || headWidth > widestHead || (isRotary && headWidth % 2 !== 0)
        ? `its ${heads} attention heads would be ${headWidth} wide`
        : undefined;
  if (wrong !== undefined) throw new UserError(`${path} is not valid: ${wrong}. Download it again.`);
}

export function unsupported(path: string, name: string, value: unknown, known: readonly string[]): UserError {
  return new UserError(
    `${path} has the ${name} ${JSON.stringify(value)?.slice(0, 60)}, which is not supported (supported: ` +
      `${known.join(", ")}). Use another model.`,
  );
}
