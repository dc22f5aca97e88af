// Muon: momentum whose matrix is made orthogonal before it is applied, for hidden weight matrices.
// Source: K. Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/; Nesterov's form. The orthogonalisation
// itself is products of matrices, which the runtime does between the two loops here.

/** m ← μ m + g;  direction ← g + μ m. All three are `length` numbers; m begins at `from` of its array. */
export function muonDirection(
  direction: Float32Array,
  moment: Float32Array,
  gradient: Float32Array,
  { from, length }: { from: number; length: number },
  { momentum, scale }: { momentum: number; scale: number },
): void {
  for (let i = 0; i < length; i++) {
    const g = gradient[from + i] * scale;
    const m = momentum * moment[from + i] + g;
    moment[from + i] = m;
    direction[i] = g + momentum * m;
  }
}

/** w ← (1 − η λ) w − η √max(1, out / in) o, o being the orthogonalised direction of a matrix (in, out). */
export function muonApply(
  parameters: Float32Array,
  orthogonal: Float32Array,
  { from, shape: [inputSize, outputSize] }: { from: number; shape: readonly number[] },
  { learningRate, weightDecay }: { learningRate: number; weightDecay: number },
): void {
  const keep = 1 - learningRate * weightDecay;
  const rate = learningRate * Math.sqrt(Math.max(1, outputSize / inputSize));
  for (let i = 0; i < inputSize * outputSize; i++)
    parameters[from + i] = keep * parameters[from + i] - rate * orthogonal[i];
}
