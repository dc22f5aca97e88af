// Floating-point operations of a graph, counted from its shapes.
import { constantOp } from "./ops/constant.js";
import { leafOf } from "./ops/input.js";
import { countOf } from "./shapes.js";
import { type GraphNode, sortNodes, type Tensor } from "./tensor.js";

export interface Flops {
  /** A multiplication and an addition are 2. */
  products: number;
  /** Of all other ops: one for each number that they give, so an exponential counts as much as a copy. */
  others: number;
}

/**
 * Of everything that the outputs need; all sizes are fixed.
 *
 * @param cuts - tensors that are fed instead of computed
 * @example
 * countFlops([linear(input("x", [32, 100]), w, b)]); // w (100, 10): { products: 64_000, others: 0 }
 */
export function countFlops(outputs: readonly Tensor[], cuts: Iterable<Tensor> = []): Flops {
  const flops: Flops = { products: 0, others: 0 };
  for (const node of sortNodes(outputs, nodesOf(cuts))) {
    if (node.op.flops) flops.products += node.op.flops(node);
    else if (isComputed(node)) for (const output of node.outputs) flops.others += countOf(output);
  }
  return flops;
}

export const nodesOf = (tensors: Iterable<Tensor>): Set<GraphNode> => new Set([...tensors].map(({ node }) => node));

export function isComputed(node: GraphNode): boolean {
  return node.op !== constantOp && leafOf(node.outputs[0]) === undefined;
}
