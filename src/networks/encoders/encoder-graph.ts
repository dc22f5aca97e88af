// An encoder as an ONNX graph that reads the vectors of tokens: the table of all tokens stays outside, where several sessions
// share it.
import { encodeOnnx } from "../../formats/onnx/encode.js";
import { cast, countFlops, emitModel, type Flops, input, type Tensor } from "../../graph/index.js";
import { graphBuild } from "../../nn/index.js";
import { numbersOf } from "../network-weights.js";
import { buildEncoder } from "./build-encoder.js";
import { type EncoderWeights, eightBitBuild } from "./eight-bit.js";
import type { EncoderShape } from "./shape.js";
import { type TextVectorShape, textVector } from "./text-vector.js";

/**
 * tokens (batch, length, width) and mask (batch, length; int32) give vectors (batch, size), or without `vector` the states
 * (batch, length, width).
 */
export function encoderOnnx(
  shape: EncoderShape,
  { weights, quantized }: EncoderWeights,
  vector?: TextVectorShape,
): Uint8Array {
  const ids = input("ids", ["batch", "length"], "int32");
  const mask = input("mask", ["batch", "length"], "int32");
  const plain = { ...graphBuild(false), fusesAttention: true };
  const build = quantized ? eightBitBuild(plain, quantized) : plain;
  const { states, tokens } = buildEncoder(shape, { ids, mask }, build);
  const outputs: Record<string, Tensor> = vector
    ? { vectors: textVector(vector, states, cast(mask, "float32"), build) }
    : { states };
  return encodeOnnx(emitModel(outputs, { values: numbersOf(weights), inputs: new Map([[tokens, "tokens"]]) }));
}

/** Operations of the vector of one text of so many tokens. */
export function encoderFlops(shape: EncoderShape, vector: TextVectorShape, length: number): Flops {
  const mask = input("mask", [1, length], "int32");
  const build = { ...graphBuild(false), fusesAttention: true };
  const { states, tokens } = buildEncoder(shape, { ids: input("ids", [1, length], "int32"), mask }, build);
  return countFlops([textVector(vector, states, cast(mask, "float32"), build)], [tokens]);
}
