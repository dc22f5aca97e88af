// A seeded order of 0 … n − 1 that is never written down: each place is computed when it is asked for.
import { mixSeed } from "../base/random.js";

const rounds = 4;

/**
 * A permutation by a Feistel network on the next larger power of four; results beyond n go through it again
 * (J. Black, P. Rogaway 2002, "Ciphers with arbitrary finite domains").
 *
 * @example
 * const order = seededPermutation(1000, 7);
 * order(0); // the first of the 1000, in [0, 1000)
 */
export function seededPermutation(count: number, seed: number): (place: number) => number {
  let halfBits = 1;
  while (4 ** halfBits < count) halfBits++;
  const half = 2 ** halfBits;
  return (place) => {
    let value = place;
    do {
      let left = Math.floor(value / half);
      let right = value % half;
      for (let round = 0; round < rounds; round++)
        [left, right] = [right, (left + (mixSeed(seed, round, right) % half)) % half];
      value = left * half + right;
    } while (value >= count);
    return value;
  };
}
