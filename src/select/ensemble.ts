// Greedy ensemble selection (R. Caruana et al. 2004, "Ensemble selection from libraries of models"). Knows answers, no models.

export interface EnsembleProblem {
  /** Of each model, (rows, width). */
  answers: readonly Float32Array[];
  rows: number;
  /** Of answers for all rows, measured on some of them; more is better. */
  score(answers: Float32Array, rows: Int32Array): number;
  /** Whether there is no time to draw another one. */
  isLate?(): boolean;
}

/** Models are drawn so often at most, and so many different ones. */
const [draws, mostMembers] = [12, 4];

/**
 * Weights of the models, which sum to 1: the model is drawn, again and again and with replacement, whose answers help the mean
 * of those that are drawn already most, until none helps.
 *
 * @param some rows that it is measured on; default all
 * @example
 * selectEnsemble({ answers: [a, b, c], rows: 500, score }); // Float64Array [0.5, 0, 0.5]
 */
export function selectEnsemble({ answers, rows, score, isLate }: EnsembleProblem, some = allOf(rows)): Float64Array {
  const counts = new Float64Array(answers.length);
  let drawn = 0;
  let best = Number.NEGATIVE_INFINITY;
  let sum = new Float32Array(answers[0].length);
  while (drawn < draws && !(drawn > 0 && isLate?.())) {
    let next = -1;
    const isFull = counts.filter((count) => count > 0).length >= mostMembers;
    for (const [model, own] of answers.entries()) {
      if (isFull && counts[model] === 0) continue;
      const value = score(
        sum.map((number, i) => (number + own[i]) / (drawn + 1)),
        some,
      );
      if (value > best) [best, next] = [value, model];
    }
    if (next < 0) break;
    counts[next]++;
    drawn++;
    sum = sum.map((number, i) => number + answers[next][i]);
  }
  return counts.map((count) => count / Math.max(1, drawn));
}

/**
 * What such an ensemble answers for rows that did not choose its weights: those that one half of the rows chooses, for the other
 * half.
 */
export function crossFitted(problem: EnsembleProblem): Float32Array {
  const { answers, rows } = problem;
  const width = answers[0].length / rows;
  const fitted = new Float32Array(answers[0].length);
  for (const side of [0, 1]) {
    const weights = selectEnsemble(
      problem,
      allOf(rows).filter((row) => row % 2 !== side),
    );
    const own = weightedMean(answers, weights);
    for (let row = side; row < rows; row += 2) fitted.set(own.subarray(row * width, (row + 1) * width), row * width);
  }
  return fitted;
}

/** @param weights sum to 1 */
export function weightedMean(answers: readonly Float32Array[], weights: ArrayLike<number>): Float32Array {
  return Float32Array.from(answers[0], (_, i) => answers.reduce((sum, own, model) => sum + weights[model] * own[i], 0));
}

function allOf(rows: number): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => row);
}
