// Points and weights of Gauss–Legendre quadrature.

/**
 * ∫₀¹ f = Σ weights[i] f(points[i]), exact for polynomials of degree 2n − 1; points ascending, weights sum to 1.
 *
 * Roots of the Legendre polynomial by Newton's method: W. Press et al., Numerical Recipes, 3rd ed., section 4.6.1.
 *
 * @example
 * gaussLegendre(2).points; // Float64Array [0.2113, 0.7887]
 */
export function gaussLegendre(n: number): { points: Float64Array; weights: Float64Array } {
  const [points, weights] = [new Float64Array(n), new Float64Array(n)];
  for (let i = 0; i < n; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 0;
    for (let step = Number.POSITIVE_INFINITY; Math.abs(step) > 1e-15; ) {
      let [value, before] = [1, 0];
      for (let k = 0; k < n; k++) [value, before] = [((2 * k + 1) * x * value - k * before) / (k + 1), value];
      slope = (n * (x * value - before)) / (x * x - 1);
      step = value / slope;
      x -= step;
      if (Math.abs(step) < 1e-14) break;
    }
    points[i] = (1 - x) / 2;
    weights[i] = 1 / ((1 - x * x) * slope * slope);
  }
  return { points, weights };
}
