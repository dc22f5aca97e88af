// Leaves of the graph: what is fed, what is learnt, what is drawn at random for each step.
import { apply, type DType, type Op, type Shape, type Tensor } from "../tensor.js";

export type LeafRole =
  /** Fed at every run. */
  | { kind: "data" }
  /** Learnt. A table is a parameter whose rows are looked up. */
  | { kind: "parameter" }
  /** Filled anew at every step: 0 with probability `rate`, else 1 / (1 − rate). */
  | { kind: "mask"; rate: number };

export interface Leaf {
  name: string;
  shape: Shape;
  dtype: DType;
  role: LeafRole;
}

export const leafOp: Op<Leaf> = {
  name: "leaf",
  infer: (_, { shape, dtype }) => [{ shape, dtype }],
  emit() {
    throw new Error("a leaf is an input of the ONNX graph, not a node");
  },
};

/**
 * A tensor that is fed at every run.
 *
 * @example
 * const ids = input("input_ids", ["batch", "length"], "int64");
 */
export function input(name: string, shape: Shape, dtype: DType = "float32"): Tensor {
  return apply(leafOp, [], { name, shape, dtype, role: { kind: "data" } })[0];
}

/** A tensor that training changes. Its name is its key in weights.safetensors. */
export function parameter(name: string, shape: readonly number[], dtype: DType = "float32"): Tensor {
  return apply(leafOp, [], { name, shape, dtype, role: { kind: "parameter" } })[0];
}

/** A mask for dropout; the runtime fills it from the run's seed, the step and `name`. */
export function randomMask(name: string, shape: readonly number[], rate: number): Tensor {
  return apply(leafOp, [], { name, shape, dtype: "float32", role: { kind: "mask", rate } })[0];
}

export function leafOf(tensor: Tensor): Leaf | undefined {
  return tensor.node.op === leafOp ? (tensor.node.attributes as Leaf) : undefined;
}
