// Asynchronous successive halving with one worker (L. Li et al. 2020, arXiv:1810.05934): at each rung, a run goes on if it is in
// the best third of all that came there so far. Knows scores, no models.

/** η: of so many runs that reach a rung, one goes on. */
const reduction = 3;
/** Shares of a training. */
const rungs: readonly number[] = [1 / 9, 1 / 3];

export interface Halving {
  /**
   * Whether a run may go on with its training.
   *
   * @param group runs of one group are compared: others learn at another pace
   * @param from share of its training that was done when it was last asked
   * @param share that is done now
   * @param score at best so far; more is better
   */
  goesOn(group: string, from: number, share: number, score: number): boolean;
}

/**
 * @example
 * const { goesOn } = halving();
 * goesOn("cnn", 0, 1 / 3, 0.8); // true: nothing else came there
 * goesOn("cnn", 0, 1 / 3, 0.7); // false: the better half of two is one
 */
export function halving(): Halving {
  const reached = new Map<string, number[]>();
  return {
    goesOn(group, from, share, score) {
      // Rounding: 3 of 9 epochs are a third.
      const passed = rungs.filter((rung) => from < rung - 1e-9 && rung - 1e-9 <= share);
      return passed.every((rung) => {
        const key = `${group} ${rung}`;
        const scores = [...(reached.get(key) ?? []), score];
        reached.set(key, scores);
        const better = scores.filter((other) => other > score).length;
        return better < Math.ceil(scores.length / reduction);
      });
    },
  };
}
