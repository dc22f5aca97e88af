// An ONNX model as plain data. Knows nothing of how it was made or who runs it. Names follow onnx.proto3.

export type OnnxType = "float32" | "float64" | "int32" | "int64" | "int8" | "uint8" | "bool";

/** A dimension is a number, or a name for any number. */
export type OnnxDim = number | string;

export type OnnxAttribute =
  | { int: number }
  | { float: number }
  | { string: string }
  | { ints: readonly number[] }
  | { tensor: OnnxTensor }
  | { graph: OnnxGraph };

export interface OnnxNode {
  opType: string;
  /** "" is an optional input or output that is omitted. */
  inputs: readonly string[];
  outputs: readonly string[];
  attributes?: Readonly<Record<string, OnnxAttribute>>;
  /** "" is the standard operator set. */
  domain?: string;
}

/** A constant. `data` contains the elements row by row. */
export interface OnnxTensor {
  name: string;
  type: OnnxType;
  shape: readonly number[];
  data: Float32Array | Float64Array | Int32Array | BigInt64Array | Int8Array | Uint8Array;
}

export interface OnnxValue {
  name: string;
  type: OnnxType;
  /** Omitted if unknown. */
  shape?: readonly OnnxDim[];
}

export interface OnnxGraph {
  name: string;
  nodes: readonly OnnxNode[];
  initializers: readonly OnnxTensor[];
  inputs: readonly OnnxValue[];
  outputs: readonly OnnxValue[];
}

export interface OnnxModel {
  graph: OnnxGraph;
  /** Operator sets: domain ("" for the standard's) to version. */
  opsets: Readonly<Record<string, number>>;
  producer?: string;
  metadata?: Readonly<Record<string, string>>;
}
