// Rows in which words for groups stand for any of the groups, to learn from.
import { createRandom, mixSeed } from "../base/random.js";
import type { SwapList } from "./swap-list.js";
import { swapperOf } from "./swap-text.js";

/** Of a list of examples, versions of a row: each with words of any group. */
const versions = 2;

/**
 * In place of each row with words of a list: itself and the same with the words of the other group; with more groups two versions, each
 * with words of any of them; of a list of examples, such as names, with any of its words. No word tells of a label any more than its
 * counterparts do (counterfactual data augmentation, K. Lu et al. 2018; substitution of names, R. Hall Maudslay et al. 2019).
 *
 * @returns the rows to learn from, each with its place in `texts`
 * @example
 * augmented(swapLists.gender, ["He came.", "Hello"], 0); // texts "He came.", "She came.", "Hello" of the rows 0, 0, 1
 */
export function augmented(list: SwapList, texts: readonly string[], seed: number): { texts: string[]; rows: number[] } {
  const swapper = swapperOf(list);
  const random = createRandom(mixSeed(seed, 0xa063));
  const groups = list.groups.length;
  const isBoth = groups === 2 && !list.areExamples;
  const found = { texts: [] as string[], rows: [] as number[] };
  for (const [row, text] of texts.entries()) {
    const hits = swapper.find(text);
    const own = hits[0]?.group;
    const others = hits.length === 0 ? [text] : Array.from({ length: versions }, (_, i) => versionOf(text, own, i));
    for (const other of others) {
      found.texts.push(other);
      found.rows.push(row);
    }
  }
  return found;

  function versionOf(text: string, group: number, version: number): string {
    const other = isBoth ? (version === 0 ? group : 1 - group) : random.integer(groups);
    const turn = random.integer(list.terms.length);
    // Of the same group, examples are exchanged for others of it.
    return other === group && !list.areExamples ? text : swapper.exchange(text, group, other, turn);
  }
}
