// A figure over rows beside that of chance, both with intervals.
import { bootstrapRows, type Interval } from "../metrics/index.js";

export interface Measured {
  /** Mean over rows. */
  value: number;
  /** 95 %, by bootstrap over rows. */
  interval: Interval;
  /** The same of random words. */
  random: number;
  randomInterval: Interval;
  /** The intervals are apart, on the better side. */
  isBetter: boolean;
}

export function measured(
  values: readonly number[],
  random: readonly number[],
  better: "more" | "less",
  seed: number,
): Measured {
  const [own, chance] = [overRows(values, seed), overRows(random, seed)];
  return {
    value: own.mean,
    interval: own.interval,
    random: chance.mean,
    randomInterval: chance.interval,
    isBetter: better === "more" ? own.interval.low > chance.interval.high : own.interval.high < chance.interval.low,
  };
}

/** Mean and its 95 % interval. */
export function overRows(values: readonly number[], seed: number): { mean: number; interval: Interval } {
  const meanOf = (rows: ArrayLike<number>) => {
    let sum = 0;
    for (let i = 0; i < rows.length; i++) sum += values[rows[i]];
    return sum / rows.length;
  };
  const { mean: interval } = bootstrapRows(values.length, { seed }, (sample) => ({ mean: meanOf(sample) }));
  return { mean: meanOf([...values.keys()]), interval };
}
