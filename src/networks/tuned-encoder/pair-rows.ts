// Which rows meet in a batch: those that stand side by side make pairs. All pairs of a table are never listed: rows come as a
// stream of passes, in each of which rows of a label stand together in new groups. Knows labels as numbers, no texts.
import { createRandom, mixSeed, type Random } from "../../base/random.js";

/** Labels of each row; none is a row that nothing is like. */
export type RowLabels = readonly (readonly number[])[];

/** Rows of a label that stand together at most: half a dozen pairs that are alike, beside others that are not. */
const groupSize = 4;

/**
 * Rows of the places from … from + count of an endless stream; the seed and the place decide which.
 *
 * @example
 * const take = pairStream([[0], [0], [1], [1]], 7);
 * take(0, 4); // 2, 3, 0, 1
 */
export function pairStream(labels: RowLabels, seed: number): (from: number, count: number) => Int32Array {
  const size = labels.length;
  let kept = -1;
  let order: Int32Array = new Int32Array();
  const passOf = (pass: number) => {
    if (pass !== kept) [kept, order] = [pass, passOrder(labels, createRandom(mixSeed(seed, pass)))];
    return order;
  };
  return (from, count) =>
    Int32Array.from({ length: count }, (_, i) => passOf(Math.floor((from + i) / size))[(from + i) % size]);
}

/** Every row once. A row of several labels stands with one of them. */
function passOrder(labels: RowLabels, random: Random): Int32Array {
  const byLabel = new Map<number, number[]>();
  const groups: number[][] = [];
  for (const row of random.shuffle(Int32Array.from(labels.keys()))) {
    const own = labels[row];
    if (own.length === 0) {
      groups.push([row]);
      continue;
    }
    const label = own[own.length === 1 ? 0 : random.integer(own.length)];
    const open = byLabel.get(label);
    if (open && open.length < groupSize) {
      open.push(row);
      continue;
    }
    const group = [row];
    groups.push(group);
    byLabel.set(label, group);
  }
  return Int32Array.from(random.shuffle(groups).flat());
}

/** What two rows have in common: the share of their labels that both have; undefined where neither has any. */
export function likeness(a: readonly number[], b: readonly number[]): number | undefined {
  if (a.length === 0 && b.length === 0) return undefined;
  const both = a.reduce((count, label) => count + (b.includes(label) ? 1 : 0), 0);
  return both / (a.length + b.length - both);
}

export interface Pairs {
  /** (rows, rows) of each shard: what the cosine of two rows is to be. */
  targets: Float32Array[];
  /** The same shape: pairs that are alike weigh ½ in all, and so do the others; each pair stands above the diagonal. */
  weights: Float32Array[];
}

/** All pairs within each shard. @param shards rows of each, as many in one as in another */
export function pairsIn(shards: readonly Int32Array[], labels: RowLabels): Pairs {
  const size = shards[0].length;
  const empty = () => shards.map(() => new Float32Array(size * size));
  const [targets, weights] = [empty(), empty()];
  let [alike, others] = [0, 0];
  for (const [shard, rows] of shards.entries())
    for (let i = 0; i < size; i++)
      for (let j = i + 1; j < size; j++) {
        const target = likeness(labels[rows[i]], labels[rows[j]]);
        if (target === undefined) continue;
        targets[shard][i * size + j] = target;
        weights[shard][i * size + j] = 1;
        if (target > 0) alike++;
        else others++;
      }
  const [ofAlike, ofOthers] = alike > 0 && others > 0 ? [0.5 / alike, 0.5 / others] : [1 / alike, 1 / others];
  for (const [shard, own] of weights.entries())
    for (let at = 0; at < own.length; at++) if (own[at] > 0) own[at] = targets[shard][at] > 0 ? ofAlike : ofOthers;
  return { targets, weights };
}
