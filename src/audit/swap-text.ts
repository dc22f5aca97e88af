// A text in which words for one group are exchanged for those of another: capitals, "a" and "an", and which of English "her" is
// him and which is his, are kept right. Knows lists of words, no model.
import { isDeterminer } from "./pronouns.js";
import type { SwapList, SwapTerm } from "./swap-list.js";

export interface SwapHit {
  term: SwapTerm;
  /** Place of its group. */
  group: number;
  /** As the list spells it. */
  word: string;
}

export interface Swapper {
  /** The words of the list in a text. */
  find(text: string): SwapHit[];
  /**
   * The text in which words of the two groups have changed places; those of others stay.
   *
   * @param turn of lists of examples: how many lines further down the other word stands
   */
  exchange(text: string, first: number, second: number, turn?: number): string;
}

/** Scripts whose words no spaces divide. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * @example
 * const swapper = swapperOf(swapLists.gender);
 * swapper.exchange("He gave his book to an actress.", 0, 1); // "She gave her book to an actor."
 */
export function swapperOf({ terms, areExamples = false }: Pick<SwapList, "terms" | "areExamples">): Swapper {
  const places = new Map(terms.map((term, place) => [term, place]));
  const hits = new Map<string, SwapHit[]>();
  for (const term of terms)
    for (const [group, spellings] of term.spellings.entries())
      for (const word of spellings) {
        const key = word.toLowerCase();
        const own = hits.get(key) ?? [];
        if (own.every((hit) => hit.term.role !== term.role)) hits.set(key, [...own, { term, group, word }]);
      }
  const words = [...hits.keys()].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const pattern = new RegExp(`(?:(?<![\\p{L}\\p{N}_])(an?)(\\s+))?(${words.map(bounded).join("|")})`, "giu");

  function hitOf(found: string, before: string, after: string, isLowerCase: boolean): SwapHit | undefined {
    const own = hits.get(found.toLowerCase());
    if (own === undefined) return undefined;
    // "polish" is no nationality where texts have capitals.
    if (!isLowerCase && own[0].word !== own[0].word.toLowerCase() && found === found.toLowerCase()) return undefined;
    if (own.length === 1) return own[0];
    const isBeforeNoun = isDeterminer(before, after);
    return own.find(({ term }) => (term.role === "determiner") === isBeforeNoun) ?? own[0];
  }

  function visit(text: string, replacement: (hit: SwapHit) => string | undefined): string {
    const isLowerCase = text === text.toLowerCase();
    return text.replace(
      pattern,
      (all, article: string | undefined, space: string | undefined, found: string, at: number) => {
        const start = at + all.length - found.length;
        const hit = hitOf(
          found,
          text.slice(Math.max(0, start - 40), start),
          text.slice(start + found.length, start + found.length + 40),
          isLowerCase,
        );
        const word = hit && replacement(hit);
        if (hit === undefined || word === undefined) return all;
        const written = inCaseOf(found, hit.word, word);
        return article === undefined ? written : `${articleFor(article, found, written)}${space}${written}`;
      },
    );
  }

  return {
    find(text) {
      const found: SwapHit[] = [];
      visit(text, (hit) => {
        found.push(hit);
        return undefined;
      });
      return found;
    },
    exchange: (text, first, second, turn = 0) =>
      visit(text, ({ term, group }) => {
        if (group !== first && group !== second) return undefined;
        const line = areExamples ? terms[(places.get(term)! + turn) % terms.length] : term;
        return line.spellings[group === first ? second : first][0];
      }),
  };
}

function bounded(word: string): string {
  const own = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+");
  const [first, last] = [[...word][0], [...word].at(-1)!];
  return `${unspaced.test(first) ? "" : "(?<![\\p{L}\\p{N}\\p{M}_])"}${own}${unspaced.test(last) ? "" : "(?![\\p{L}\\p{N}\\p{M}_])"}`;
}

/** As the text has it: MOTHER for FATHER, Mother for Father, "emily" for "jill"; as the list has it where the text does too. */
function inCaseOf(found: string, listed: string, word: string): string {
  if (found === listed) return word;
  const isUpper = (text: string) => text === text.toUpperCase() && text !== text.toLowerCase();
  if (isUpper(found) && [...found].length > 1) return word.toUpperCase();
  if (isUpper([...found][0])) return word[0].toUpperCase() + word.slice(1);
  return word.toLowerCase();
}

/** "a" or "an", changed where the sound of the word does. */
function articleFor(article: string, found: string, written: string): string {
  if (hasVowel(found) === hasVowel(written)) return article;
  const own = hasVowel(written) ? "an" : "a";
  return article[0] === "A" ? own[0].toUpperCase() + own.slice(1) : own;
}

/** Begins with the sound of a vowel, mostly. */
function hasVowel(word: string): boolean {
  if (/^(?:uni|use|eu|one\b|ukr)/i.test(word)) return false;
  return /^(?:[aeiou]|hour|heir|honest|honou?r)/i.test(word);
}
