// The mask behind a layer with several inputs: a position counts where it counts in all of them.
import { mul, type Tensor } from "../graph/index.js";

export function mergeMasks(masks: readonly (Tensor | undefined)[]): Tensor | undefined {
  const given = [...new Set(masks.filter((mask) => mask !== undefined))];
  return given.length === 0 ? undefined : given.reduce((product, mask) => mul(product, mask));
}
