// A length at which to cut texts, from the lengths of the training texts.

const covered = 0.98;

/**
 * The length, in tokens, that 98 % of the texts keep whole (nearest rank), rounded up to a multiple of 8 and never
 * above the longest text; 1 if there are no texts.
 *
 * @example
 * suggestMaxLength([3, 5, 9, 4]); // 9
 */
export function suggestMaxLength(lengths: ArrayLike<number>): number {
  if (lengths.length === 0) return 1;
  const sorted = Float64Array.from(lengths).sort();
  const length = sorted[Math.ceil(covered * sorted.length) - 1];
  return Math.max(1, Math.min(Math.ceil(length / 8) * 8, sorted[sorted.length - 1]));
}
