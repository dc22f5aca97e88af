// An ONNX model's bytes. The field numbers are those of onnx.proto3 (IR version 9); only the messages that we write.
import protobuf from "protobufjs/light.js";
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxTensor, OnnxType, OnnxValue } from "./model.js";

const elementTypes: Record<OnnxType, number> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float64: 11,
};
const attributeTypes = { float: 1, int: 2, string: 3, tensor: 4, graph: 5, ints: 7 };

type Field = [id: number, type: string, rule?: "repeated"];
const message = (fields: Record<string, Field>) => ({
  fields: Object.fromEntries(
    Object.entries(fields).map(([name, [id, type, rule]]) => [name, rule ? { id, type, rule } : { id, type }]),
  ),
});

const schema = protobuf.Root.fromJSON({
  nested: {
    Model: message({
      irVersion: [1, "int64"],
      producerName: [2, "string"],
      graph: [7, "Graph"],
      opsetImport: [8, "OperatorSet", "repeated"],
      metadataProps: [14, "StringEntry", "repeated"],
    }),
    OperatorSet: message({ domain: [1, "string"], version: [2, "int64"] }),
    StringEntry: message({ key: [1, "string"], value: [2, "string"] }),
    Graph: message({
      node: [1, "Node", "repeated"],
      name: [2, "string"],
      initializer: [5, "Tensor", "repeated"],
      input: [11, "Value", "repeated"],
      output: [12, "Value", "repeated"],
    }),
    Node: message({
      input: [1, "string", "repeated"],
      output: [2, "string", "repeated"],
      name: [3, "string"],
      opType: [4, "string"],
      attribute: [5, "Attribute", "repeated"],
      domain: [7, "string"],
    }),
    Attribute: message({
      name: [1, "string"],
      f: [2, "float"],
      i: [3, "int64"],
      s: [4, "bytes"],
      t: [5, "Tensor"],
      g: [6, "Graph"],
      ints: [8, "int64", "repeated"],
      type: [20, "int32"],
    }),
    Tensor: message({
      dims: [1, "int64", "repeated"],
      dataType: [2, "int32"],
      name: [8, "string"],
      rawData: [9, "bytes"],
      externalData: [13, "StringEntry", "repeated"],
      dataLocation: [14, "int32"],
    }),
    Value: message({ name: [1, "string"], type: [2, "Type"] }),
    Type: message({ tensorType: [1, "TensorType"] }),
    TensorType: message({ elemType: [1, "int32"], shape: [2, "TensorShape"] }),
    TensorShape: message({ dim: [1, "Dimension", "repeated"] }),
    Dimension: {
      oneofs: { value: { oneof: ["dimValue", "dimParam"] } },
      ...message({ dimValue: [1, "int64"], dimParam: [2, "string"] }),
    },
  },
});
const modelType = schema.lookupType("Model");

/**
 * The bytes of a model.onnx file. Source: onnx/onnx.proto3, IR version 9.
 *
 * @example
 * const bytes = encodeOnnx({
 *   opsets: { "": 20 },
 *   graph: {
 *     name: "double",
 *     nodes: [{ opType: "Add", inputs: ["x", "x"], outputs: ["y"] }],
 *     initializers: [],
 *     inputs: [{ name: "x", type: "float32", shape: ["n"] }],
 *     outputs: [{ name: "y", type: "float32", shape: ["n"] }],
 *   },
 * });
 */
export function encodeOnnx(model: OnnxModel): Uint8Array {
  return encode(model, tensorMessage);
}

/** A model whose large constants stay where they are: a file of more than 2 GB could not be written. */
export interface OnnxParts {
  bytes: Uint8Array;
  /** By the names of the files that they would be. */
  external: ReadonlyMap<string, Uint8Array>;
}

/** Constants of fewer bytes are written into the model. */
const leastExternal = 1 << 16;

/**
 * @example
 * const { bytes, external } = encodeOnnxParts(model);
 */
export function encodeOnnxParts(model: OnnxModel): OnnxParts {
  const external = new Map<string, Uint8Array>();
  const bytes = encode(model, (tensor) => {
    const { rawData, ...rest } = tensorMessage(tensor);
    if (rawData.length < leastExternal) return { ...rest, rawData };
    const location = `constant ${external.size}`;
    external.set(location, rawData);
    const externalData = Object.entries({ location, offset: "0", length: String(rawData.length) });
    return { ...rest, dataLocation: 1, externalData: externalData.map(([key, value]) => ({ key, value })) };
  });
  return { bytes, external };
}

function encode(model: OnnxModel, initializer: (tensor: OnnxTensor) => object): Uint8Array {
  return modelType
    .encode({
      irVersion: 9,
      producerName: model.producer ?? "columnist",
      graph: graphMessage(model.graph, initializer),
      opsetImport: Object.entries(model.opsets).map(([domain, version]) => ({ domain, version })),
      metadataProps: Object.entries(model.metadata ?? {}).map(([key, value]) => ({ key, value })),
    })
    .finish();
}

function graphMessage(graph: OnnxGraph, initializer: (tensor: OnnxTensor) => object = tensorMessage): object {
  return {
    name: graph.name,
    node: graph.nodes.map((node, index) => ({
      input: node.inputs,
      output: node.outputs,
      name: `${node.opType}_${index}`,
      opType: node.opType,
      domain: node.domain ?? "",
      attribute: Object.entries(node.attributes ?? {}).map(([name, value]) => attributeMessage(name, value)),
    })),
    initializer: graph.initializers.map(initializer),
    input: graph.inputs.map(valueMessage),
    output: graph.outputs.map(valueMessage),
  };
}

function attributeMessage(name: string, value: OnnxAttribute): object {
  if ("int" in value) return { name, i: value.int, type: attributeTypes.int };
  if ("float" in value) return { name, f: value.float, type: attributeTypes.float };
  if ("string" in value) return { name, s: new TextEncoder().encode(value.string), type: attributeTypes.string };
  if ("ints" in value) return { name, ints: value.ints, type: attributeTypes.ints };
  if ("tensor" in value) return { name, t: tensorMessage(value.tensor), type: attributeTypes.tensor };
  return { name, g: graphMessage(value.graph), type: attributeTypes.graph };
}

function tensorMessage(tensor: OnnxTensor) {
  const { buffer, byteOffset, byteLength } = tensor.data;
  return {
    name: tensor.name,
    dims: tensor.shape,
    dataType: elementTypes[tensor.type],
    rawData: new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength),
  };
}

function valueMessage(value: OnnxValue): object {
  const dims = value.shape?.map((dim) => (typeof dim === "number" ? { dimValue: dim } : { dimParam: dim }));
  const tensorType = { elemType: elementTypes[value.type], ...(dims && { shape: { dim: dims } }) };
  return { name: value.name, type: { tensorType } };
}
