// What a topic is about: the words that it has more often than the others.
// Source: Grootendorst 2022, arXiv:2203.05794, class-based TF-IDF: tf(w, topic) · ln(1 + A / f(w)), A words a topic.
import { words as splitWords } from "../text/index.js";

/** The `count` heaviest words of each topic, heaviest first. */
export function topicWords(
  texts: readonly string[],
  topics: ArrayLike<number>,
  topicCount: number,
  count: number,
): string[][] {
  const own = Array.from({ length: topicCount }, () => new Map<string, number>());
  const all = new Map<string, number>();
  let total = 0;
  for (const [row, text] of texts.entries()) {
    if (topics[row] < 0) continue;
    for (const word of splitWords(text)) {
      if (word.length < 2 || !hasLetter.test(word)) continue;
      own[topics[row]].set(word, (own[topics[row]].get(word) ?? 0) + 1);
      all.set(word, (all.get(word) ?? 0) + 1);
      total++;
    }
  }
  const average = total / Math.max(1, topicCount);
  return own.map((counts) =>
    [...counts]
      .map(([word, times]) => ({ word, weight: times * Math.log(1 + average / (all.get(word) ?? 1)) }))
      .sort((a, b) => b.weight - a.weight || (a.word < b.word ? -1 : 1))
      .slice(0, count)
      .map(({ word }) => word),
  );
}

const hasLetter = /\p{L}/u;
