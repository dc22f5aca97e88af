// What an op sees while it writes its ONNX nodes: fresh names, shared constants, nested bodies for loops.
import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor, OnnxType } from "../formats/onnx/model.js";

export interface Emitter {
  /** Adds a node with one output of a fresh name. */
  add(opType: string, inputs: readonly string[], attributes?: Attributes): string;
  /** Adds a node whose outputs have these names. */
  addNamed(opType: string, inputs: readonly string[], outputs: readonly string[], attributes?: Attributes): void;
  /** A fresh name. */
  fresh(hint: string): string;
  /** A constant of int64, by default one-dimensional, stored once however often it is requested. */
  ints(values: readonly number[]): string;
  /** A scalar constant, kept once. */
  scalar(value: number, type: OnnxType): string;
  /** A constant array. */
  constant(tensor: Omit<OnnxTensor, "name">): string;
  /** A constant array that is stored once for each key. */
  sharedConstant(key: string, make: () => Omit<OnnxTensor, "name">): string;
}

export type Attributes = Readonly<Record<string, OnnxAttribute>>;

/** Operators of ONNX Runtime's own set carry this prefix: "com.microsoft.FusedMatMul". */
const contribDomain = "com.microsoft";

export interface Emission extends Emitter {
  readonly nodes: OnnxNode[];
  readonly initializers: OnnxTensor[];
}

export function createEmission(): Emission {
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const shared = new Map<string, string>();
  let made = 0;

  const fresh = (hint: string) => `${hint}_${made++}`;
  function constant(tensor: Omit<OnnxTensor, "name">): string {
    const name = fresh("constant");
    initializers.push({ name, ...tensor });
    return name;
  }
  function sharedConstant(key: string, make: () => Omit<OnnxTensor, "name">): string {
    let name = shared.get(key);
    if (name === undefined) {
      name = constant(make());
      shared.set(key, name);
    }
    return name;
  }
  function addNamed(opType: string, inputs: readonly string[], outputs: readonly string[], attributes?: Attributes) {
    nodes.push(onnxNode(opType, inputs, outputs, attributes));
  }
  return {
    nodes,
    initializers,
    fresh,
    constant,
    sharedConstant,
    addNamed,
    add(opType, inputs, attributes) {
      const output = fresh(opType);
      addNamed(opType, inputs, [output], attributes);
      return output;
    },
    ints: (values) =>
      sharedConstant(`ints ${values.join(" ")}`, () => ({
        type: "int64",
        shape: [values.length],
        data: BigInt64Array.from(values, BigInt),
      })),
    scalar: (value, type) =>
      sharedConstant(`${type} ${Object.is(value, -0) ? "-0" : value}`, () => ({
        type,
        shape: [],
        data: scalarData(value, type),
      })),
  };
}

/** A node of the standard's set, or of ONNX Runtime's where the name says so. */
export function onnxNode(
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes?: Attributes,
): OnnxNode {
  const isContrib = opType.startsWith(`${contribDomain}.`);
  return {
    opType: isContrib ? opType.slice(contribDomain.length + 1) : opType,
    domain: isContrib ? contribDomain : "",
    inputs,
    outputs,
    attributes,
  };
}

/** A loop's body as a graph attribute. */
export function bodyGraph(name: string, graph: Omit<OnnxGraph, "name" | "initializers">): { graph: OnnxGraph } {
  return { graph: { name, initializers: [], ...graph } };
}

function scalarData(value: number, type: OnnxType): OnnxTensor["data"] {
  if (type === "float32") return Float32Array.of(value);
  if (type === "float64") return Float64Array.of(value);
  if (type === "int32") return Int32Array.of(value);
  if (type === "int64") return BigInt64Array.of(BigInt(value));
  if (type === "int8") return Int8Array.of(value);
  return Uint8Array.of(value);
}
