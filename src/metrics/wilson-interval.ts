// Interval for a share that was counted, such as accuracy.
import { z95 } from "./normal.js";

export interface Interval {
  low: number;
  high: number;
}

/**
 * Wilson score interval (1927) for `hits` of `rows`; stays inside [0, 1] and is accurate near both ends.
 *
 * @param z normal quantile; the default gives 95 %
 * @example
 * wilsonInterval(90, 100); // { low: 0.825…, high: 0.944… }
 */
export function wilsonInterval(hits: number, rows: number, z = z95): Interval {
  if (rows === 0) return { low: 0, high: 1 };
  const share = hits / rows;
  const scale = 1 + (z * z) / rows;
  const centre = (share + (z * z) / (2 * rows)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / rows + (z * z) / (4 * rows * rows));
  return { low: hits === 0 ? 0 : centre - half, high: hits === rows ? 1 : centre + half };
}
