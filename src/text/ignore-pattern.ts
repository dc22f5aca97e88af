// A regular expression of the user's that takes parts out of texts: handles, links, signatures.
// A pattern can hang: one with quantifiers in quantifiers, or several side by side, tries exponentially many ways through a
// text that it does not match. Node's engine can be stopped only from outside (node:vm), which costs 0.1 ms a call, so a
// pattern is tried on texts that make such patterns slow before it is used, and only long texts are guarded after that.
import { createContext, Script } from "node:vm";
import { UserError } from "../base/errors.js";

/** Texts that a pattern is tried on have so many characters. */
const triedLength = 1_000;
/** Milliseconds for all of them; a pattern that is no trouble needs some twenty. */
const patience = 1_000;
/** Longer texts are searched under guard. */
const longText = 5_000;
/** Milliseconds for one long text. */
const longPatience = 2_000;

/**
 * @param name - what messages call the pattern
 * @returns a function that replaces matches in a text with a space
 * @throws UserError for a pattern that is not a regular expression, matches the empty text, or may hang
 * @example
 * const withoutHandles = compileIgnore("@\\w+", "ignore");
 * withoutHandles("@bank my card is lost"); // "my card is lost"
 */
export function compileIgnore(pattern: string, name: string): (text: string) => string {
  const expression = parsed(pattern, name);
  const hangs =
    `${name} '${pattern}' can take hours on some texts: one quantifier is inside another, or several match the same ` +
    "characters. Write it so that every text can be matched in only one way, like '@\\w+'.";
  const guarded = createGuarded(expression);
  if (guarded(trials(pattern), patience) === undefined) throw new UserError(hangs);
  return (text) => {
    if (text.length <= longText) return squeezed(text, text.replace(expression, " "));
    const left = guarded([text], longPatience);
    if (left === undefined) throw new UserError(hangs);
    return squeezed(text, left[0]);
  };
}

/** What is left has no doubled or outer blanks where parts were taken out. */
function squeezed(text: string, left: string): string {
  return left === text ? text : left.replace(/ {2,}/g, " ").trim();
}

function parsed(pattern: string, name: string): RegExp {
  let expression: RegExp;
  try {
    expression = new RegExp(pattern, "gu");
  } catch (error) {
    const why = String((error as Error).message).replace(/^Invalid regular expression: /, "");
    throw new UserError(
      `${name} '${pattern}' is not a regular expression: ${why}. Examples: '@\\w+' for handles, 'https?:\\S+' for links.`,
    );
  }
  if (pattern === "" || expression.test(""))
    throw new UserError(
      `${name} '${pattern}' also matches the empty text, so it would match between any two letters. Make sure that it ` +
        "matches at least one character, with + instead of *.",
    );
  expression.lastIndex = 0;
  return expression;
}

/** Runs the expression over texts; undefined where it was stopped. */
function createGuarded(expression: RegExp) {
  const context = createContext({ expression, texts: [] as readonly string[] });
  const script = new Script("texts.map((text) => text.replace(expression, ' '))");
  return (texts: readonly string[], milliseconds: number): string[] | undefined => {
    context.texts = texts;
    try {
      return [...(script.runInContext(context, { timeout: milliseconds }) as string[])];
    } catch (error) {
      if ((error as { code?: string }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return undefined;
      throw error;
    }
  };
}

/** Repetitions of what the pattern itself is made of, and of common characters, with an end that spoils a match. */
function trials(pattern: string): string[] {
  const literals = pattern.replace(/\\[pP]\{[^}]*\}|\\./gu, " ").match(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? [];
  const units = new Set([
    ..."a0 _-.@#:/é字😀\n",
    "a ",
    "a.",
    "a-",
    "0 ",
    "0.",
    "a0",
    ...literals,
    ...literals.join(""),
  ]);
  const texts: string[] = [];
  for (const unit of units) {
    const many = unit.repeat(Math.ceil(triedLength / unit.length));
    const before = literals[0] ?? "";
    for (const end of ["", "\u0001", "!"]) texts.push(many + end, before + many + end);
  }
  return texts;
}
