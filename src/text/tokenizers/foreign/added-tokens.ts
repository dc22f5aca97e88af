// Tokens that a tokenizer.json adds to its model's: found in the text before or after it is normalized. Knows no model.
import { stringTree } from "../../string-tree.js";
import { isRecord, isText, type Json, longestToken, refuse, shown, tooLong } from "./part.js";
import { asUnicode16, whiteSpace, wordCharacters } from "./unicode.js";

export interface AddedToken {
  id: number;
  content: string;
  /** Not found inside words. */
  single_word: boolean;
  /** Takes white space before it along; `rstrip`, after it. */
  lstrip: boolean;
  rstrip: boolean;
  /** Found in the normalized text, in its normalized spelling. */
  normalized: boolean;
  special: boolean;
}

/**
 * The tokens in `added_tokens`. Python gives them ids of its own, those of the model's vocabulary and then the next free ones;
 * a file that says otherwise is refused.
 *
 * @param modelIds - the vocabulary of the model.
 */
export function addedTokensOf(file: Json, modelIds: ReadonlyMap<string, number>): AddedToken[] {
  const list = file.added_tokens ?? [];
  if (!Array.isArray(list)) refuse("added_tokens", `is ${shown(list)}, not a list`);
  const seen = new Set<string>();
  let next = modelIds.size;
  return list.map((token: unknown, i) => {
    const where = `added_tokens[${i}]`;
    if (!isAddedToken(token)) return refuse(where, `is ${shown(token)}`);
    const { content } = token;
    if (content.length > longestToken) refuse(where, `has the content ${shown(content)}, ${tooLong(content)}`);
    if (seen.has(content)) refuse(where, `has ${shown(content)} a second time`);
    seen.add(content);
    const id = modelIds.get(content) ?? next++;
    if (id !== token.id) refuse(where, `has the id ${token.id} for ${shown(content)}, but Python assigns ${id}`);
    return token;
  });
}

const flags = ["single_word", "lstrip", "rstrip", "normalized", "special"] as const;
const fields = new Set<string>(["id", "content", ...flags]);

function isAddedToken(token: unknown): token is AddedToken {
  if (!isRecord(token) || !Number.isSafeInteger(token.id) || !isText(token.content) || token.content === "")
    return false;
  return (
    flags.every((flag) => typeof token[flag] === "boolean") && Object.keys(token).every((name) => fields.has(name))
  );
}

/** Visits the parts of a text in order: `id` is that of an added token, or -1 for the text between. */
export type AddedTokenFinder = (text: string, visit: (id: number, from: number, to: number) => void) => void;

/**
 * Leftmost matches, of several the longest.
 *
 * @param spellings - how each token stands in the texts.
 */
export function addedTokenFinder(tokens: readonly AddedToken[], spellings: readonly string[]): AddedTokenFinder {
  if (tokens.length === 0) return (text, visit) => visit(-1, 0, text.length);
  const seen = new Set<string>();
  for (const [i, { content }] of tokens.entries()) {
    const spelling = spellings[i];
    if (spelling === "") refuse("added_tokens", `has ${shown(content)}, which is empty after normalization`);
    if (seen.has(spelling)) refuse("added_tokens", `has two tokens that are normalized to ${shown(spelling)}`);
    seen.add(spelling);
  }
  const { first, longestAt } = stringTree(spellings);
  return (text, visit) => {
    let done = 0;
    first.lastIndex = 0;
    for (let start = first.exec(text); start !== null; start = first.exec(text)) {
      const at = start.index;
      const found = longestAt(text, at);
      if (found < 0) continue;
      const token = tokens[found];
      let [from, to] = [at, at + spellings[found].length];
      first.lastIndex = to;
      if (token.single_word && (endsInWord(text, from) || startsWithWord(text, to))) continue;
      if (token.lstrip) {
        while (from > 0 && isWhite.test(text[from - 1])) from--;
        from = Math.max(from, done);
      }
      if (token.rstrip) while (to < text.length && isWhite.test(text[to])) to++;
      if (done < from) visit(-1, done, from);
      visit(token.id, from, to);
      done = to;
    }
    if (done < text.length) visit(-1, done, text.length);
  };
}

const isWhite = new RegExp(whiteSpace, "u");
const isWord = new RegExp(`^[${wordCharacters}]$`, "u");

function startsWithWord(text: string, at: number): boolean {
  return at < text.length && isWord.test(asUnicode16(String.fromCodePoint(text.codePointAt(at)!)));
}

function endsInWord(text: string, end: number): boolean {
  if (end === 0) return false;
  const isLow = (text.charCodeAt(end - 1) & 0xfc00) === 0xdc00 && end > 1;
  return startsWithWord(text, end - (isLow ? 2 : 1));
}
