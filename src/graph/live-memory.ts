// How many bytes of a graph's tensors are alive at once, in the order in which ONNX Runtime computes them.
import { isComputed, nodesOf } from "./count-flops.js";
import { reshapeOp } from "./ops/reshape.js";
import { countOf } from "./shapes.js";
import { type DType, type GraphNode, sortNodes, type Tensor } from "./tensor.js";

const bytesOf: Record<DType, number> = { float32: 4, float64: 8, int32: 4, int64: 8, bool: 1 };

/** Element by element: the result takes the place of an input that nothing else reads. */
const inPlace = new Set("add sub mul div neg abs relu gelu silu sigmoid tanh exp log sqrt erf".split(" "));

/**
 * The peak of what is computed: a tensor is alive from its own op to the last one that reads it. What is fed, and the outputs,
 * which are written into arrays of the caller, don't count.
 *
 * @param cuts - tensors that are fed instead of computed
 */
export function liveBytes(outputs: readonly Tensor[], cuts: Iterable<Tensor> = []): number {
  const fed = nodesOf(cuts);
  const order = executionOrder(outputs, fed).filter(isComputed);
  const ends = new Set(outputs);
  const readers = new Map<Tensor, number>();
  for (const { inputs } of order)
    for (const tensor of inputs) readers.set(rootOf(tensor), (readers.get(rootOf(tensor)) ?? 0) + 1);
  const isHeld = (tensor: Tensor) => isComputed(tensor.node) && !fed.has(tensor.node) && !ends.has(tensor);
  let [alive, peak] = [0, 0];
  for (const node of order) {
    const dying: Tensor[] = [];
    for (const input of new Set(node.inputs.map(rootOf))) {
      const left = readers.get(input)! - node.inputs.filter((tensor) => rootOf(tensor) === input).length;
      readers.set(input, left);
      if (left === 0 && isHeld(input)) dying.push(input);
    }
    const made = node.outputs.filter((tensor) => rootOf(tensor) === tensor && isHeld(tensor));
    const place =
      inPlace.has(node.op.name) && made.length > 0 ? dying.findIndex((one) => sizeOf(one) === sizeOf(made[0])) : -1;
    if (place >= 0) alive -= sizeOf(dying.splice(place, 1)[0]);
    for (const tensor of made) {
      alive += sizeOf(tensor);
      if (!readers.has(tensor)) dying.push(tensor);
    }
    const scratch = bytesOf[node.outputs[0].dtype] * (node.op.scratch?.(node) ?? 0);
    peak = Math.max(peak, alive + scratch);
    for (const tensor of dying) alive -= sizeOf(tensor);
  }
  return peak;
}

const sizeOf = (tensor: Tensor) => countOf(tensor) * bytesOf[tensor.dtype];

/** A reshaped tensor is the same memory. */
function rootOf(tensor: Tensor): Tensor {
  return tensor.node.op === reshapeOp ? rootOf(tensor.node.inputs[0]) : tensor;
}

/**
 * ONNX Runtime's: from the last output backwards, of a node's inputs the one that was written last first. (Graph::ReverseDFSFrom
 * over nodes by index, onnxruntime/core/graph/graph_viewer.cc.)
 */
function executionOrder(outputs: readonly Tensor[], cuts: ReadonlySet<GraphNode>): GraphNode[] {
  const written = new Map(sortNodes(outputs, cuts).map((node, place) => [node, place]));
  const place = (node: GraphNode) => written.get(node)!;
  const order: GraphNode[] = [];
  const seen = new Set<GraphNode>(cuts);
  const stack = outputs.map(({ node }) => ({ node, isDone: false }));
  while (stack.length > 0) {
    const { node, isDone } = stack.pop()!;
    if (isDone) order.push(node);
    if (isDone || seen.has(node)) continue;
    seen.add(node);
    stack.push({ node, isDone: true });
    const inputs = [...new Set(node.inputs.map((input) => input.node))].filter((input) => !seen.has(input));
    for (const input of inputs.sort((a, b) => place(a) - place(b))) stack.push({ node: input, isDone: false });
  }
  return order;
}
