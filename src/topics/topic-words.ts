// What a topic is about: words that more of its rows have than of the others. A word weighs its share of the topic's rows
// times how much more likely it is there: log odds with a prior of all rows, r = (rows with it + α p) / (rows + α).
// Sources: Monroe, Colaresi, Quinn 2008, Fightin' Words (the prior); Grootendorst 2022, arXiv:2203.05794 (the product of
// frequency in a topic and rarity elsewhere).
import { detectLanguages, stopWords } from "../text/index.js";
import type { TopicTokens } from "./topic-tokens.js";

/** A word in more of the other topics' rows says little of its own. */
const widespread = 1 / 5;
/** Rows that the prior weighs. */
const priorRows = 10;
/** Rows of a topic that its languages are told from. */
const sampled = 200;

/**
 * The `count` heaviest words of each topic, heaviest first, without function words of the topic's languages, words that more
 * than a fifth of the other rows have, and forms of a word that is there already. A topic that has nothing else gets those.
 *
 * @param tokens - of the texts.
 * @param topics - of each row, from 0; −1 for none.
 */
export async function topicWords(
  texts: readonly string[],
  tokens: TopicTokens,
  topics: ArrayLike<number>,
  topicCount: number,
  count: number,
): Promise<string[][]> {
  const { words, starts, ids } = tokens;
  const own = Array.from({ length: topicCount }, () => new Map<number, number>());
  const all = new Int32Array(words.length);
  const sizes = new Int32Array(topicCount);
  for (let row = 0; row < texts.length; row++) {
    const topic = topics[row];
    if (topic >= 0) sizes[topic]++;
    for (let at = starts[row]; at < starts[row + 1]; at++) {
      all[ids[at]]++;
      if (topic >= 0) own[topic].set(ids[at], (own[topic].get(ids[at]) ?? 0) + 1);
    }
  }
  const stops = await stopWordsOfTopics(texts, topics, topicCount);
  return own.map((counts, topic) => {
    const others = texts.length - sizes[topic];
    const weighed = [...counts].map(([id, rows]) => {
      const share = all[id] / texts.length;
      const odds = (found: number, of: number) => {
        const rate = (found + priorRows * share) / (of + priorRows);
        return Math.log(rate / (1 - rate + 1e-9));
      };
      const apart = odds(rows, sizes[topic]) - odds(all[id] - rows, others);
      const isWide = all[id] - rows > widespread * others;
      const rank = (stops[topic].has(words[id]) ? 2 : 0) + (isWide ? 1 : 0);
      return { word: words[id], rows, rank, weight: (rows / sizes[topic]) * apart };
    });
    weighed.sort((a, b) => a.rank - b.rank || b.weight - a.weight || b.rows - a.rows || (a.word < b.word ? -1 : 1));
    const best = weighed.filter(({ rank, weight }) => rank === weighed[0].rank && (weight > 0 || topicCount === 1));
    return distinctForms(best.length > 0 ? best : weighed.slice(0, 1), count);
  });
}

/** Each topic has the stop words of the languages of its own rows, which are some of the table's. */
async function stopWordsOfTopics(
  texts: readonly string[],
  topics: ArrayLike<number>,
  topicCount: number,
): Promise<ReadonlySet<string>[]> {
  const ofTable = await detectLanguages(texts, { share: 0.05 });
  const lists = new Map<string, ReadonlySet<string>>();
  for (const language of ofTable) lists.set(language, await stopWords(language));
  const rows = Array.from({ length: topicCount }, () => [] as string[]);
  for (const [row, text] of texts.entries())
    if (topics[row] >= 0 && rows[topics[row]].length < sampled) rows[topics[row]].push(text);
  const found: ReadonlySet<string>[] = [];
  for (const some of rows) {
    const languages = await detectLanguages(some, { share: 0.2, among: ofTable });
    found.push(new Set((languages.length > 0 ? languages : ofTable).flatMap((language) => [...lists.get(language)!])));
  }
  return found;
}

/** The first `count` words; of "card", "cards" and "carded" only the first. */
function distinctForms(words: readonly { word: string }[], count: number): string[] {
  const kept: string[] = [];
  for (const { word } of words) {
    if (kept.length === count) break;
    if (!kept.some((other) => isForm(word, other))) kept.push(word);
  }
  return kept;
}

/** The same but for an ending of at most two letters behind at least four ("city" and "cities" too). */
function isForm(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  if (long.length - short.length > 2 || short.length < 4) return false;
  return (
    long.startsWith(short) || (long.endsWith("ies") && short.endsWith("y") && long.slice(0, -3) === short.slice(0, -1))
  );
}
