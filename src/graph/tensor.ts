// Symbolic tensors: what will be computed, not the numbers. A tensor is one output of a node; a node applies an op.
import type { Emitter } from "./emitter.js";

/** A size, or a name for any size ("batch"). Names are for inference graphs; gradients need numbers. */
export type Dim = number | string;
export type Shape = readonly Dim[];
export type DType = "float32" | "float64" | "int32" | "int64" | "bool";

export interface TensorSpec {
  readonly shape: Shape;
  readonly dtype: DType;
}

export interface Tensor extends TensorSpec {
  readonly node: GraphNode;
  /** Which output of the node. */
  readonly index: number;
}

// biome-ignore lint/suspicious/noExplicitAny: a node's attributes are known to its op alone
export interface GraphNode<A = any> {
  readonly op: Op<A>;
  readonly inputs: readonly Tensor[];
  readonly attributes: A;
  readonly outputs: readonly Tensor[];
}

/** One operation: its shape rule, its ONNX nodes and its gradient, together in one file of ops/. */
export interface Op<A> {
  readonly name: string;
  /** Checks the inputs and returns the outputs' shapes. */
  infer(inputs: readonly Tensor[], attributes: A): readonly TensorSpec[];
  /** Writes ONNX nodes that compute `outputs` (names) from `inputs` (names). */
  emit(emitter: Emitter, inputs: readonly string[], outputs: readonly string[], node: GraphNode<A>): void;
  /** Operations of its products, 2 for a multiplication and an addition. Left out by ops without products. Sizes are fixed. */
  flops?(node: GraphNode<A>): number;
  /** Numbers that its ONNX nodes hold between them, beside its inputs and outputs, where these are many. */
  scratch?(node: GraphNode<A>): number;
  /** Given dL/d(output), undefined where nothing depends on it, builds dL/d(input); undefined where there is none. */
  gradient?(node: GraphNode<A>, outputGradients: readonly (Tensor | undefined)[]): readonly (Tensor | undefined)[];
}

/** Applies an op; returns all its outputs. */
export function apply<A>(op: Op<A>, inputs: readonly Tensor[], attributes: A): readonly Tensor[] {
  const outputs: Tensor[] = [];
  const node: GraphNode<A> = { op, inputs, attributes, outputs };
  for (const [index, spec] of op.infer(inputs, attributes).entries())
    outputs.push({ node, index, shape: spec.shape, dtype: spec.dtype });
  return outputs;
}

/** Every node that the outputs need, inputs before users; not `cuts`, nor what only they need. */
export function sortNodes(outputs: readonly Tensor[], cuts: ReadonlySet<GraphNode> = new Set()): GraphNode[] {
  const sorted: GraphNode[] = [];
  const seen = new Set<GraphNode>(cuts);
  const stack: { node: GraphNode; next: number }[] = [];
  const visit = (node: GraphNode) => {
    if (seen.has(node)) return;
    seen.add(node);
    stack.push({ node, next: 0 });
  };
  for (const output of outputs) {
    visit(output.node);
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      if (top.next < top.node.inputs.length) visit(top.node.inputs[top.next++].node);
      else {
        sorted.push(top.node);
        stack.pop();
      }
    }
  }
  return sorted;
}
