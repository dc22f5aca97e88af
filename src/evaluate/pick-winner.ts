// The choice between models, by the validation rows alone.

/**
 * Index of the model with the highest validation accuracy; among equals the first, so hand them in cheapest first.
 *
 * @example
 * pickWinner([{ accuracy: 0.9 }, { accuracy: 0.92 }, { accuracy: 0.92 }]); // 1
 */
export function pickWinner(models: readonly { accuracy: number }[]): number {
  let best = 0;
  for (const [index, { accuracy }] of models.entries()) if (accuracy > models[best].accuracy) best = index;
  return best;
}
