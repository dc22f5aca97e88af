// The choice between models, by the validation rows alone.

/**
 * Index of the best model; hand them in cheapest first. A dearer one must be better by more than chance would have it:
 * right on more rows than the best so far, by more than the standard error of that difference, √(b + c) for b rows that it
 * alone has right and c that the other alone has right (Q. McNemar 1947).
 *
 * @param right - for each model whether it has each validation row right
 * @example
 * pickWinner([[true, false, false, true], [true, true, true, true]]); // 1: two rows more, and √2 is less
 */
export function pickWinner(right: readonly (readonly boolean[])[]): number {
  let best = 0;
  for (let model = 1; model < right.length; model++) {
    let [gained, lost] = [0, 0];
    for (const [row, isRight] of right[model].entries()) {
      if (isRight && !right[best][row]) gained++;
      if (!isRight && right[best][row]) lost++;
    }
    if (gained - lost > Math.sqrt(gained + lost)) best = model;
  }
  return best;
}
