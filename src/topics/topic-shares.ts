// Which topics the groups of rows have: shares of each group's rows.

export interface TopicShares {
  /** null: rows without a value. */
  value: string | null;
  rows: number;
  /** Share of each topic in the group's rows, by topic; the remainder to 1 is rows without a topic. */
  shares: number[];
}

/**
 * @param groups - of each row.
 * @param topics - of each row, from 0; −1 for none.
 * @returns the largest group first
 * @example
 * topicShares(["north", "south", "north"], [0, 0, 1], 2)[0]; // { value: "north", rows: 2, shares: [0.5, 0.5] }
 */
export function topicShares(
  groups: readonly (string | null)[],
  topics: ArrayLike<number>,
  topicCount: number,
): TopicShares[] {
  const found = new Map<string | null, TopicShares>();
  for (const [row, value] of groups.entries()) {
    let group = found.get(value);
    if (!group) {
      group = { value, rows: 0, shares: Array<number>(topicCount).fill(0) };
      found.set(value, group);
    }
    group.rows++;
    if (topics[row] >= 0) group.shares[topics[row]]++;
  }
  for (const group of found.values()) group.shares = group.shares.map((rows) => rows / group.rows);
  return [...found.values()].sort((a, b) => b.rows - a.rows || ((a.value ?? "") < (b.value ?? "") ? -1 : 1));
}
