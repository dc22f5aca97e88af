// Rows in several parts, by groups that stay whole. Knows only numbers.
import { createRandom } from "../base/random.js";

/**
 * The part of each row: groups are whole, and each part has about its share of all rows and of every class. The largest groups
 * come first, equally large ones by lot; each goes where the squared distances from the wanted counts, Σ (n − s N)² / s N over the classes
 * and all rows, grow least (as in scikit-learn's StratifiedGroupKFold, with shares). No part gets all rows of a class that has
 * several groups, except `keeper`, which keeps a group of every class.
 *
 * @param classes of each row, any integers
 * @param groups of each row, any integers
 * @param shares of the parts, which sum to 1
 * @example
 * dealGroups([0, 0, 1, 1], [0, 1, 0, 1], [0.5, 0.5], 7); // Int32Array [0, 1, 0, 1], or the other way round
 */
export function dealGroups(
  classes: ArrayLike<number>,
  groups: ArrayLike<number>,
  shares: readonly number[],
  seed: number,
  keeper?: number,
): Int32Array {
  const { counts, groupsOf, members } = countedGroups(classes, groups);
  const placed = shares.map(() => new Map<number, number>());
  const rowsIn = (part: number, one: number) => placed[part].get(one) ?? 0;
  const growth = (part: number, own: ReadonlyMap<number, number>) => {
    let sum = 0;
    for (const [one, rows] of own) {
      const wanted = shares[part] * counts.get(one)!;
      sum += (rows * (2 * rowsIn(part, one) + rows - 2 * wanted)) / wanted;
    }
    return sum;
  };
  const takesAll = (part: number, own: ReadonlyMap<number, number>) => {
    if (part === keeper) return false;
    for (const [one, rows] of own)
      if (rowsIn(part, one) + rows === counts.get(one) && (keeper !== undefined || groupsOf.get(one)! > 1)) return true;
    return false;
  };
  const partOf = new Int32Array(classes.length);
  const order = createRandom(seed).shuffle([...members.values()]);
  for (const { rows, own } of order.sort((a, b) => b.rows.length - a.rows.length)) {
    const parts = [...shares.keys()];
    const open = parts.filter((part) => !takesAll(part, own));
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (const part of open.length > 0 ? open : parts) {
      const more = growth(part, own);
      if (more < least) [best, least] = [part, more];
    }
    for (const row of rows) partOf[row] = best;
    for (const [one, count] of own) placed[best].set(one, rowsIn(best, one) + count);
  }
  return partOf;
}

/** Stands for all rows beside the classes. */
const everyRow = Number.NaN;

interface Group {
  rows: number[];
  /** Rows by class. */
  own: Map<number, number>;
}

function countedGroups(classes: ArrayLike<number>, groups: ArrayLike<number>) {
  const counts = new Map<number, number>();
  const groupsOf = new Map<number, number>();
  const members = new Map<number, Group>();
  const add = (to: Map<number, number>, key: number) => to.set(key, (to.get(key) ?? 0) + 1);
  for (let row = 0; row < classes.length; row++) {
    const group: Group = members.get(groups[row]) ?? { rows: [], own: new Map() };
    members.set(groups[row], group);
    group.rows.push(row);
    for (const one of [classes[row], everyRow]) {
      if (!group.own.has(one)) add(groupsOf, one);
      add(group.own, one);
      add(counts, one);
    }
  }
  return { counts, groupsOf, members };
}
