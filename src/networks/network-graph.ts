// A trained network as an ONNX file.
import { UserError } from "../base/errors.js";
import { encodeOnnx } from "../formats/onnx/encode.js";
import type { NamedArray } from "../formats/safetensors.js";
import { cast, emitModel, input } from "../graph/index.js";
import { graphBuild } from "../nn/index.js";
import { answersOf, type Head } from "./head.js";
import type { TextNetwork } from "./network.js";
import type { NetworkWeights } from "./network-weights.js";

/**
 * model.onnx: input_ids and attention_mask (batch, length; int64) give answers (the head's `output`) and logits, both
 * (batch, width).
 */
export function textNetworkOnnx(network: TextNetwork, head: Head, weights: NetworkWeights): Uint8Array {
  const ids = input("input_ids", ["batch", "length"], "int64");
  const mask = cast(input("attention_mask", ["batch", "length"], "int64"), "float32");
  const { logits } = network.build(ids, mask, graphBuild(false));
  const values = new Map([...weights].map(([name, { data }]) => [name, data]));
  return encodeOnnx(emitModel({ [head.output]: answersOf(head, logits), logits }, { values }));
}

/**
 * The network up to its last layer, as an ONNX file: input_ids and attention_mask give features (batch, size).
 *
 * @throws UserError when a weight is missing or has another shape
 */
export function textEncoderOnnx(network: TextNetwork, weights: ReadonlyMap<string, NamedArray>) {
  const ids = input("input_ids", ["batch", "length"], "int64");
  const mask = cast(input("attention_mask", ["batch", "length"], "int64"), "float32");
  const { features, parameters } = network.build(ids, mask, graphBuild(false));
  const values = new Map<string, Float32Array>();
  for (const { name, shape: expected } of parameters) {
    const found = weights.get(name);
    if (!(found?.data instanceof Float32Array) || found.shape.join() !== expected.join())
      throw new UserError(
        `weights.safetensors has no '${name}' of shape [${expected.join(", ")}]. Copy the whole folder again.`,
      );
    values.set(name, found.data);
  }
  return { onnx: encodeOnnx(emitModel({ features }, { values })), size: Number(features.shape[1]) };
}
