// From more clusters to fewer: the two whose joining costs least become one, again and again.
// Source: Ward 1963, Hierarchical grouping to optimize an objective function.

/**
 * @param centres - (clusters, dim) of unit length.
 * @param sizes - rows of each.
 * @returns at most `count` centres of unit length
 */
export function mergeCentres(
  centres: Float64Array,
  sizes: ArrayLike<number>,
  dim: number,
  count: number,
): Float64Array {
  const merged = Array.from({ length: sizes.length }, (_, one) => ({
    size: sizes[one],
    centre: centres.slice(one * dim, (one + 1) * dim),
  }));
  while (merged.length > count) {
    let [first, second, least] = [0, 1, Number.POSITIVE_INFINITY];
    for (let i = 0; i < merged.length; i++)
      for (let j = i + 1; j < merged.length; j++) {
        const cost = costOf(merged[i], merged[j]);
        if (cost < least) [first, second, least] = [i, j, cost];
      }
    const [into, gone] = [merged[first], merged[second]];
    const size = into.size + gone.size;
    for (let d = 0; d < dim; d++) into.centre[d] = (into.size * into.centre[d] + gone.size * gone.centre[d]) / size;
    into.size = size;
    merged.splice(second, 1);
  }
  const result = new Float64Array(merged.length * dim);
  for (const [one, { centre }] of merged.entries()) {
    const length = Math.hypot(...centre) || 1;
    result.set(
      centre.map((value) => value / length),
      one * dim,
    );
  }
  return result;
}

interface Cluster {
  size: number;
  centre: Float64Array;
}

/** By how much the squared distances of rows to their centres grow. */
function costOf(a: Cluster, b: Cluster): number {
  let distance = 0;
  for (let d = 0; d < a.centre.length; d++) distance += (a.centre[d] - b.centre[d]) ** 2;
  return ((a.size * b.size) / (a.size + b.size)) * distance;
}
