// Leaves out what no output needs. An op writes the nodes of all its outputs, such as the gradients of all its weights; those
// of frozen weights are not used, and ONNX Runtime would compute them.
import type { OnnxNode } from "../formats/onnx/model.js";

/** @param nodes - in the order of their computation */
export function usedNodes(nodes: readonly OnnxNode[], outputs: Iterable<string>): OnnxNode[] {
  const needed = new Set(outputs);
  const used: OnnxNode[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((name) => needed.has(name))) continue;
    used.push(node);
    for (const name of inputsOf(node)) needed.add(name);
  }
  return used.reverse();
}

/** Names that a node reads, with those of nested graphs: a loop's body reads values from around it. */
export function inputsOf({ inputs, attributes = {} }: OnnxNode): string[] {
  const bodies = Object.values(attributes).flatMap((attribute) => ("graph" in attribute ? [attribute.graph] : []));
  return [
    ...inputs,
    ...bodies.flatMap(({ nodes, outputs }) => [...nodes.flatMap(inputsOf), ...outputs.map(({ name }) => name)]),
  ];
}
