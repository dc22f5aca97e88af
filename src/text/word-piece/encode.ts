// Texts to ids by WordPiece: the longest pieces of the vocabulary, from left to right. Knows no training and no files.
import { UserError } from "../../base/errors.js";
import { specialTokenFinder } from "../special-tokens.js";
import { rememberWord } from "../word-memory.js";
import { alignWord, type ScannedWords, scanWords } from "./scan-words.js";
import { spelledWords } from "./spelled-words.js";
import { continuation, longestWord, unknownId, type WordPieceVocabulary } from "./vocabulary.js";

/** Ids and their offsets: UTF-16 units [starts[i], ends[i]) of the text. */
export interface EncodedText {
  ids: number[];
  starts: number[];
  ends: number[];
}

/**
 * The ids of a text, without special tokens added at its ends. Equals the Python package tokenizers 0.23 on the file that
 * `toTokenizerJson` writes.
 *
 * @param maxLength - keeps the first ids; default: all.
 * @throws UserError when maxLength is not a whole number of 1 or more.
 * @example
 * const tokenizer = trainTokenizer(["good film", "good fun"]);
 * encode(tokenizer, "Good!"); // [2, 1]
 */
export function encode(tokenizer: WordPieceVocabulary, text: string, maxLength?: number): number[] {
  checkLength(maxLength);
  const ids: number[] = [];
  eachPart(tokenizer, text, maxLength, (part, _start, special) => {
    if (special >= 0) ids.push(special);
    else addIds(tokenizer, part, maxLength, ids);
    return ids.length;
  });
  if (maxLength !== undefined && ids.length > maxLength) ids.length = maxLength;
  return ids;
}

/**
 * `encode` for many texts.
 *
 * @example
 * encodeBatch(tokenizer, ["Good!", "A film"], 128); // one list of ids per text, not padded
 */
export function encodeTexts(tokenizer: WordPieceVocabulary, texts: readonly string[], maxLength?: number): number[][] {
  return texts.map((text) => encode(tokenizer, text, maxLength));
}

/**
 * The ids that `encode` gives and the offsets of each in the text. An unknown word has a single id;
 * characters that cleaning drops between pieces belong to no id.
 *
 * @throws UserError when maxLength is not a whole number of 1 or more.
 * @example
 * const { ids, starts, ends } = encodeWithOffsets(tokenizer, "A goodish film");
 * ids.map((_, i) => "A goodish film".slice(starts[i], ends[i])); // ["A", "good", "ish", "film"]
 */
export function encodeWithOffsets(tokenizer: WordPieceVocabulary, text: string, maxLength?: number): EncodedText {
  checkLength(maxLength);
  const ids: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  eachPart(tokenizer, text, maxLength, (part, partStart, special) => {
    if (special < 0) addIds(tokenizer, part, maxLength, ids, partStart, starts, ends);
    else {
      ids.push(special);
      starts.push(partStart);
      ends.push(partStart + part.length);
    }
    return ids.length;
  });
  if (maxLength !== undefined && ids.length > maxLength)
    for (const list of [ids, starts, ends]) list.length = maxLength;
  return { ids, starts, ends };
}

function checkLength(maxLength: number | undefined): void {
  if (maxLength !== undefined && !(Number.isInteger(maxLength) && maxLength >= 1))
    throw new UserError(`maxLength must be a whole number of 1 or more, not ${maxLength}.`);
}

const finders = new WeakMap<readonly string[], ReturnType<typeof specialTokenFinder>>();

/** Special tokens are found in the text as it stands, before cleaning; `visit` returns how many ids there are so far. */
function eachPart(
  { specials }: WordPieceVocabulary,
  text: string,
  maxLength: number | undefined,
  visit: (part: string, start: number, special: number) => number,
): void {
  let find = finders.get(specials);
  if (find === undefined) {
    find = specialTokenFinder(new Map(specials.map((name, id) => [name, id])));
    finders.set(specials, find);
  }
  const most = maxLength ?? Number.POSITIVE_INFINITY;
  find(text, (from, to, special) => visit(text.slice(from, to), from, special) < most);
}

function addIds(
  tokenizer: WordPieceVocabulary,
  text: string,
  maxLength: number | undefined,
  ids: number[],
  textStart = 0,
  starts?: number[],
  ends?: number[],
): void {
  const memory = spelledWords(tokenizer);
  // A word has at least one id, so that no more words than ids are needed.
  const scanned = scanWords(text, tokenizer.lowercase, maxLength);
  const { count, bounds, cased, altered } = scanned;
  for (let i = 0; i < count; i++) {
    const start = bounds[2 * i];
    const end = bounds[2 * i + 1];
    const word = altered.size > 0 ? altered.get(i) : undefined;
    const known = ids.length;
    if ((word?.length ?? end - start) > mostUnits) ids.push(unknownId);
    else {
      const number =
        word === undefined ? rememberWord(memory, cased, start, end) : rememberWord(memory, word, 0, word.length);
      const { pieces, piecesAt } = memory;
      const last = piecesAt[number + 1];
      for (let k = piecesAt[number]; k < last; k++) ids.push(pieces[k]);
    }
    if (starts && ends) addOffsets(tokenizer, text, scanned, i, ids, known, textStart, starts, ends);
  }
}

/** Longer words, in UTF-16 units, are longer in code points than is known. */
const mostUnits = 2 * longestWord;

/** The places of ids from `known` on, which are those of word i. */
function addOffsets(
  { tokens, lowercase }: WordPieceVocabulary,
  text: string,
  { bounds, altered }: ScannedWords,
  i: number,
  ids: readonly number[],
  known: number,
  textStart: number,
  starts: number[],
  ends: number[],
): void {
  const start = bounds[2 * i];
  const end = bounds[2 * i + 1];
  const aligned = altered.has(i) ? alignWord(text.slice(start, end), lowercase) : undefined;
  if (ids.length - known === 1) {
    starts.push(textStart + start);
    ends.push(textStart + end);
    return;
  }
  let from = 0;
  for (let k = known; k < ids.length; k++) {
    const to = from + tokens[ids[k]].length - (k > known ? continuation.length : 0);
    starts.push(textStart + start + (aligned ? aligned.starts[from] : from));
    ends.push(textStart + start + (aligned ? aligned.ends[to - 1] : to));
    from = to;
  }
}
