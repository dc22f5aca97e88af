// Numbers in groups of about the same size: for splits in which every part has its share of each, and for tables.

/**
 * The group of each number, from 0 in their order: equal numbers are in the same group, and a number that fills several
 * groups is one.
 *
 * @param most groups
 * @example
 * quantileGroups([5, 1, 2, 5, 5, 4], 3); // Int32Array [1, 0, 0, 1, 1, 1]: the 5 fills the last two
 */
export function quantileGroups(numbers: ArrayLike<number>, most: number): Int32Array {
  const sorted = Float64Array.from(numbers as ArrayLike<number> & Iterable<number>).sort();
  const values = new Set(sorted);
  // The last number of each group.
  const ends =
    values.size <= most
      ? [...values]
      : [...new Set(Array.from({ length: most }, (_, i) => sorted[Math.ceil(((i + 1) * sorted.length) / most) - 1]))];
  return Int32Array.from(numbers as ArrayLike<number> & Iterable<number>, (number) => firstAtLeast(ends, number));
}

function firstAtLeast(ends: readonly number[], number: number): number {
  let [low, high] = [0, ends.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle] >= number) high = middle;
    else low = middle + 1;
  }
  return low;
}
