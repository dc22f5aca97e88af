// From the margins of one label to probabilities, fitted on margins of rows that the classifier did not see.

export interface Sigmoid {
  slope: number;
  offset: number;
}

/** The slope is pulled to a usual one, so that it stays finite and positive where few rows have the label. */
const usualSlope = 3;
const slopePrior = 0.3;
const leastSlope = 1e-3;

/**
 * Least log loss of 1 / (1 + exp(−(slope · margin + offset))) by damped Newton steps. The labels are smoothed by one row of
 * each kind, so that no probability is 0 or 1.
 *
 * Source: Platt, "Probabilistic Outputs for Support Vector Machines" (1999); steps as in Lin, Lin and Weng (2007).
 *
 * @param margins shape (rows)
 * @param positive 1 for a row with the label, 0 for another; shape (rows)
 */
export function fitSigmoid(margins: ArrayLike<number>, positive: ArrayLike<number>): Sigmoid {
  const rows = margins.length;
  let positives = 0;
  for (let row = 0; row < rows; row++) positives += positive[row];
  const [high, low] = [(positives + 1) / (positives + 2), 1 / (rows - positives + 2)];
  const target = (row: number) => (positive[row] > 0 ? high : low);
  const loss = ({ slope, offset }: Sigmoid) => {
    let sum = (slopePrior / 2) * (slope - usualSlope) ** 2;
    for (let row = 0; row < rows; row++) {
      const logit = slope * margins[row] + offset;
      sum += Math.max(logit, 0) - target(row) * logit + Math.log1p(Math.exp(-Math.abs(logit)));
    }
    return sum;
  };
  let found: Sigmoid = { slope: usualSlope, offset: Math.log((positives + 1) / (rows - positives + 1)) };
  let value = loss(found);
  for (let pass = 0; pass < 100; pass++) {
    const { slope, offset } = found;
    let [g0, g1] = [0, slopePrior * (slope - usualSlope)];
    let [h00, h01, h11] = [1e-9, 0, slopePrior];
    for (let row = 0; row < rows; row++) {
      const p = sigmoid(slope * margins[row] + offset);
      const [error, curvature] = [p - target(row), p * (1 - p)];
      g0 += error;
      g1 += error * margins[row];
      h00 += curvature;
      h01 += curvature * margins[row];
      h11 += curvature * margins[row] ** 2;
    }
    const determinant = h00 * h11 - h01 * h01;
    const stepOffset = (h11 * g0 - h01 * g1) / determinant;
    const stepSlope = (h00 * g1 - h01 * g0) / determinant;
    let [factor, next] = [1, found];
    let after = value;
    for (; factor > 1e-6; factor /= 2) {
      next = { slope: Math.max(leastSlope, slope - factor * stepSlope), offset: offset - factor * stepOffset };
      after = loss(next);
      if (after < value) break;
    }
    if (!(value - after > 1e-9 * Math.abs(value))) break;
    [found, value] = [next, after];
  }
  return found;
}

export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
