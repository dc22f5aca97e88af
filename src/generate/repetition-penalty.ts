// Makes tokens that a sequence already has less probable. N. S. Keskar et al. 2019, arXiv:1909.05858 (CTRL).

/**
 * Divides positive logits of the seen tokens by `penalty` and multiplies negative ones by it, as the Hugging Face
 * library does; 1 changes nothing. Each token counts once, however often it stands there.
 */
export function penalizeRepetition(logits: Float32Array, seen: ReadonlySet<number>, penalty: number): void {
  if (penalty === 1) return;
  for (const id of seen) logits[id] = logits[id] > 0 ? logits[id] / penalty : logits[id] * penalty;
}
