// Models compared on the same rows. Knows figures of samples of rows, no models.
import { type BootstrapOptions, percentileInterval, resampleRows } from "./bootstrap-rows.js";
import { holm } from "./holm.js";
import { mcnemar } from "./mcnemar.js";
import { z95 } from "./normal.js";
import { type Interval, wilsonInterval } from "./wilson-interval.js";

export interface PairedModel {
  /** The figure of these rows; a row may come several times. */
  figure: (rows: ArrayLike<number>) => number;
  /** 0 for a row that is answered right, otherwise 1, where the figure is the share of right rows: the test is McNemar's. */
  errors?: ArrayLike<number>;
}

export interface PairedDifference {
  /** Places of the two models. */
  first: number;
  second: number;
  /** First − second. */
  difference: number;
  /** 95 %, by the paired bootstrap. */
  interval: Interval;
  test: "mcnemar" | "bootstrap";
  /** Of a difference as large as this one, or larger, if there is none. */
  probability: number;
  /** Corrected for the number of pairs, by Holm. */
  corrected: number;
  /** The smallest difference that these rows can show between two models that differ as these do. */
  smallest: number;
}

export interface PairedComparison {
  /** With errors, figures are shares of right rows: Wilson's intervals. */
  models: { value: number; interval: Interval }[];
  /** Each model with each other, in their order. */
  pairs: PairedDifference[];
}

/**
 * Paired bootstrap: every resample is the same for all models, so what is hard in it is hard for all of them. Errors, where
 * they are given, are tested by McNemar's exact test (not with clusters, whose rows are not independent).
 *
 * @param rows in the table
 * @throws RangeError for fewer than two models
 * @example
 * const right = (errors: number[]) => ({ errors, figure: (rows) => 1 - mean(rows.map((row) => errors[row])) });
 * comparePaired(4, [right([0, 0, 0, 1]), right([0, 1, 1, 1])]).pairs[0].difference; // 0.5
 */
export function comparePaired(
  rows: number,
  models: readonly PairedModel[],
  options: BootstrapOptions = {},
): PairedComparison {
  if (models.length < 2) throw new RangeError(`${models.length} model: a comparison needs two`);
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  const values = models.map(({ figure }) => figure(all));
  const places = models.flatMap((_, first) => models.slice(first + 1).map((_, i) => [first, first + 1 + i] as const));
  // Numbers as names: those of the models, then those of the pairs.
  const found = resampleRows<string>(rows, options, (sample) => {
    const own = models.map(({ figure }) => figure(sample));
    const differences = places.map(([first, second]) => own[first] - own[second]);
    return [...own, ...differences] as unknown as Record<string, number>;
  });
  const isCounted = models.every(({ errors }) => errors) && !options.clusters;
  const pairs = places.map(([first, second], i): PairedDifference => {
    const drawn = found[models.length + i];
    const interval = percentileInterval(drawn, options.level);
    const shared = { first, second, difference: values[first] - values[second], interval, corrected: 1 };
    if (!isCounted)
      return {
        ...shared,
        test: "bootstrap",
        probability: probabilityOf(drawn),
        smallest: z95 * deviationOf(drawn),
      };
    const [a, b] = [models[first].errors!, models[second].errors!];
    let [onlyFirst, onlySecond] = [0, 0];
    for (let row = 0; row < rows; row++) {
      if (a[row] < b[row]) onlyFirst++;
      if (b[row] < a[row]) onlySecond++;
    }
    return {
      ...shared,
      test: "mcnemar",
      probability: mcnemar(onlyFirst, onlySecond),
      smallest: smallestLead(onlyFirst + onlySecond) / rows,
    };
  });
  const corrected = holm(pairs.map(({ probability }) => probability));
  return {
    models: values.map((value, i) => ({
      value,
      interval: isCounted
        ? wilsonInterval(rows - wrongIn(models[i].errors!), rows)
        : percentileInterval(found[i], options.level),
    })),
    pairs: pairs.map((pair, i) => ({ ...pair, corrected: corrected[i] })),
  };
}

function wrongIn(errors: ArrayLike<number>): number {
  let wrong = 0;
  for (let row = 0; row < errors.length; row++) wrong += errors[row];
  return wrong;
}

/** Two-sided: how rarely differences lie beyond 0. No resample says that this never happens. */
function probabilityOf(differences: Float64Array): number {
  let [below, above] = [0, 0];
  for (const difference of differences) {
    if (difference <= 0) below++;
    if (difference >= 0) above++;
  }
  return Math.min(1, (2 * (1 + Math.min(below, above))) / (differences.length + 1));
}

function deviationOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/** The lead, in rows that only one of the two has right, that McNemar's test needs; of so few that none suffices, the fewest that do. */
function smallestLead(rows: number): number {
  if (rows < fewestRows) return fewestRows;
  let [fewest, most] = [0, Math.floor(rows / 2)];
  while (fewest < most) {
    const middle = Math.ceil((fewest + most) / 2);
    if (mcnemar(rows - middle, middle) < 0.05) fewest = middle;
    else most = middle - 1;
  }
  return rows - 2 * fewest;
}

/** All for one model, they are no chance: 2 · 2⁻⁶ < 0.05. */
const fewestRows = 6;
