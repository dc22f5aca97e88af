// Reverse-mode differentiation: builds the gradient's graph beside the forward one. Source: A. Griewank, A. Walther,
// Evaluating Derivatives, 2008, chapter 3.
import { add } from "./ops/add.js";
import { scalar } from "./ops/constant.js";
import { showShape } from "./shapes.js";
import { type GraphNode, sortNodes, type Tensor } from "./tensor.js";

/**
 * dL/dx for each x of `targets`; undefined where the loss does not depend on it.
 *
 * @example
 * const x = parameter("x", [3]);
 * const [dx] = gradients(reduceSum(mul(x, x), [0], { keepDims: false }), [x]); // 2x
 */
export function gradients(loss: Tensor, targets: readonly Tensor[]): (Tensor | undefined)[] {
  if (loss.shape.length !== 0) throw new Error(`a loss is a scalar, got shape ${showShape(loss.shape)}`);
  const nodes = sortNodes([loss]);
  const needed = dependents(nodes, targets);
  const partial = new Map<Tensor, Tensor>([[loss, scalar(1, loss.dtype)]]);
  for (const node of nodes.reverse()) {
    if (!needed.has(node)) continue;
    const outputGradients = node.outputs.map((output) => partial.get(output));
    if (outputGradients.every((gradient) => gradient === undefined) || node.inputs.length === 0) continue;
    if (!node.op.gradient) continue;
    for (const [index, gradient] of node.op.gradient(node, outputGradients).entries()) {
      if (!gradient) continue;
      const target = node.inputs[index];
      const sum = partial.get(target);
      partial.set(target, sum ? add(sum, gradient) : gradient);
    }
  }
  return targets.map((target) => partial.get(target));
}

/** The nodes that depend on a target: only through them does a gradient flow. */
function dependents(nodes: readonly GraphNode[], targets: readonly Tensor[]): Set<GraphNode> {
  const needed = new Set<GraphNode>(targets.map((target) => target.node));
  for (const node of nodes) if (node.inputs.some((input) => needed.has(input.node))) needed.add(node);
  return needed;
}
