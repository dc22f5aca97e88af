// How sure the scores of each class are.
import { type BootstrapOptions, percentileInterval, resampleRows } from "./bootstrap-rows.js";
import { type Interval, wilsonInterval } from "./wilson-interval.js";

export interface ClassIntervals {
  precision: Interval;
  recall: Interval;
  f1: Interval;
}

/**
 * 95 % intervals of each class. Precision is a share of the rows that are predicted, recall one of the class's own: Wilson. F1 is
 * 2 J / (1 + J), where J is the share of right rows among those that are of the class or are predicted to be: Wilson as well. With
 * clusters all are by bootstrap.
 *
 * @param truth class indices in [0, classes), shape (rows)
 * @param predicted class indices in [0, classes), shape (rows)
 * @example
 * classIntervals(Int32Array.of(0, 1, 1), Int32Array.of(0, 1, 0), 2)[1].recall; // { low: 0.094…, high: 0.905… }
 */
export function classIntervals(
  truth: Int32Array,
  predicted: Int32Array,
  classes: number,
  options: BootstrapOptions = {},
): ClassIntervals[] {
  const counts = { hits: new Int32Array(classes), support: new Int32Array(classes), answers: new Int32Array(classes) };
  const count = (sample: ArrayLike<number>) => {
    for (const own of Object.values(counts)) own.fill(0);
    for (let i = 0; i < sample.length; i++) {
      const [own, answer] = [truth[sample[i]], predicted[sample[i]]];
      counts.support[own]++;
      counts.answers[answer]++;
      if (own === answer) counts.hits[own]++;
    }
  };
  if (!options.clusters) {
    count(truth.map((_, row) => row));
    return Array.from(counts.hits, (hits, c) => {
      const { low, high } = wilsonInterval(hits, counts.support[c] + counts.answers[c] - hits);
      return {
        precision: wilsonInterval(hits, counts.answers[c]),
        recall: wilsonInterval(hits, counts.support[c]),
        f1: { low: (2 * low) / (1 + low), high: (2 * high) / (1 + high) },
      };
    });
  }
  const share = (hits: number, rows: number) => (rows === 0 ? 0 : hits / rows);
  // Numbers as names: 3 c, 3 c + 1, 3 c + 2.
  const found = resampleRows<string>(truth.length, options, (sample) => {
    count(sample);
    const figures: number[] = [];
    for (let c = 0; c < classes; c++) {
      const [hits, support, answers] = [counts.hits[c], counts.support[c], counts.answers[c]];
      figures.push(share(hits, answers), share(hits, support), share(2 * hits, support + answers));
    }
    return figures as unknown as Record<string, number>;
  });
  return Array.from(counts.hits, (_, c) => ({
    precision: percentileInterval(found[3 * c]),
    recall: percentileInterval(found[3 * c + 1]),
    f1: percentileInterval(found[3 * c + 2]),
  }));
}
