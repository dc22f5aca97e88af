// Turns tensors into an ONNX model: leaves become inputs, or initializers where their numbers are given.
import type { OnnxModel, OnnxTensor, OnnxValue } from "../formats/onnx/model.js";
import { createEmission } from "./emitter.js";
import { leafOf } from "./ops/input.js";
import { sortNodes, type Tensor } from "./tensor.js";
import { inputsOf, usedNodes } from "./used-nodes.js";

export interface EmitOptions {
  /** Values of leaves by name: these become constants of the file instead of inputs. */
  values?: ReadonlyMap<string, OnnxTensor["data"]>;
  /** Tensors inside the graph that are fed by name instead of being computed. */
  inputs?: ReadonlyMap<Tensor, string>;
  /** Strings by name for the file's metadata. */
  metadata?: Record<string, string>;
}

/** Version of the standard's operator set that the ops are written against. */
export const opsetVersion = 20;

/**
 * @example
 * const x = input("x", ["n", 2]);
 * const model = emitModel({ y: relu(x) });
 */
export function emitModel(outputs: Readonly<Record<string, Tensor>>, options: EmitOptions = {}): OnnxModel {
  const emission = createEmission();
  const names = new Map<Tensor, string>();
  const inputs: OnnxValue[] = [];
  const initializers: OnnxTensor[] = [];
  const seen = new Set<string>();
  const cuts = options.inputs ?? new Map<Tensor, string>();
  for (const [tensor, name] of cuts) {
    names.set(tensor, name);
    inputs.push({ name, type: tensor.dtype, shape: tensor.shape });
  }
  for (const node of sortNodes(Object.values(outputs), new Set([...cuts.keys()].map((tensor) => tensor.node)))) {
    const leaf = leafOf(node.outputs[0]);
    if (leaf) {
      names.set(node.outputs[0], leaf.name);
      if (seen.has(leaf.name)) continue;
      seen.add(leaf.name);
      const data = options.values?.get(leaf.name);
      if (data) initializers.push({ name: leaf.name, type: leaf.dtype, shape: leaf.shape as readonly number[], data });
      else inputs.push({ name: leaf.name, type: leaf.dtype, shape: leaf.shape });
      continue;
    }
    const outputNames = node.outputs.map((output) => {
      const name = emission.fresh(node.op.name);
      names.set(output, name);
      return name;
    });
    node.op.emit(
      emission,
      node.inputs.map((tensor) => names.get(tensor)!),
      outputNames,
      node,
    );
  }
  for (const [name, tensor] of Object.entries(outputs)) emission.addNamed("Identity", [names.get(tensor)!], [name]);
  const nodes = usedNodes(emission.nodes, Object.keys(outputs));
  const used = new Set(nodes.flatMap(inputsOf));
  return {
    opsets: { "": opsetVersion, "com.microsoft": 1 },
    metadata: options.metadata,
    graph: {
      name: "columnist",
      nodes,
      initializers: [...initializers, ...emission.initializers.filter(({ name }) => used.has(name))],
      inputs,
      outputs: Object.entries(outputs).map(([name, { dtype, shape }]) => ({ name, type: dtype, shape })),
    },
  };
}
