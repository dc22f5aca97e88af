// The words of rows as topics count them: each word once a row, links aside, contractions whole. What one row repeats is its
// own habit; what many rows share is a topic.
import { segmentWords } from "../text/index.js";

export interface TopicTokens {
  words: string[];
  /** Row r has the words ids[starts[r]] to ids[starts[r + 1] − 1], in the order in which they first stand there. */
  starts: Int32Array;
  ids: Int32Array;
}

const link = /\b(?:https?:\/\/|www\.)\S+/giu;
/**
 * Letters, marks and digits; of what follows an apostrophe "don't" and Ukrainian "сім'я" keep it, French "l'eau" falls apart.
 */
const word = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['’](?:\p{Script=Cyrillic}+|\p{L}{1,2}(?![\p{L}\p{M}\p{N}])))?/gu;
const anyLetter = /\p{L}/u;
const wholeWord = /[\p{Script=Han}\p{Script=Hangul}]/u;

/**
 * Lower-case words of two letters or more; of Chinese and Korean also those of one.
 *
 * @example
 * topicTokens(["I don't know, I don't"]).words; // ["don't", "know"]
 */
export function topicTokens(texts: readonly string[]): TopicTokens {
  const known = new Map<string, number>();
  const words: string[] = [];
  const starts = new Int32Array(texts.length + 1);
  let ids = new Int32Array(16 * texts.length);
  /** The last row that had the word. */
  const seen: number[] = [];
  let length = 0;
  for (const [row, text] of texts.entries()) {
    const plain = text.includes("/") || text.includes("www.") ? text.replace(link, " ") : text;
    for (const written of segmentWords(plain).toLowerCase().match(word) ?? []) {
      let id = known.get(written);
      if (id === undefined) {
        id = counts(written) ? words.push(written.replaceAll("’", "'")) - 1 : -1;
        known.set(written, id);
      }
      if (id < 0 || seen[id] === row) continue;
      seen[id] = row;
      if (length === ids.length) {
        const longer = new Int32Array(2 * length + 16);
        longer.set(ids);
        ids = longer;
      }
      ids[length++] = id;
    }
    starts[row + 1] = length;
  }
  return { words, starts, ids: ids.subarray(0, length) };
}

const counts = (written: string) => anyLetter.test(written) && (written.length > 1 || wholeWord.test(written));

/** The words of every `step`th row. */
export function everyToken({ words, starts, ids }: TopicTokens, step: number): TopicTokens {
  if (step === 1) return { words, starts, ids };
  const rows = Math.ceil((starts.length - 1) / step);
  const parts = Array.from({ length: rows }, (_, row) => ids.subarray(starts[row * step], starts[row * step + 1]));
  const newStarts = new Int32Array(rows + 1);
  for (const [row, part] of parts.entries()) newStarts[row + 1] = newStarts[row] + part.length;
  const newIds = new Int32Array(newStarts[rows]);
  for (const [row, part] of parts.entries()) newIds.set(part, newStarts[row]);
  return { words, starts: newStarts, ids: newIds };
}
