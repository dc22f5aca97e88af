// Encoders: Transformers in which every token sees the whole text, and vectors of texts by them.
export { type BuiltEncoder, buildEncoder, encoderTable } from "./build-encoder.js";
export {
  type EncoderWeights,
  eightBitBuild,
  eightBitSpecs,
  isEightBit,
  parameterCount,
  quantizeEncoder,
} from "./eight-bit.js";
export { encoderOnnx } from "./encoder-graph.js";
export type { EncoderShape } from "./shape.js";
export { encoderShapeSchema, textVectorSchema } from "./shape-schema.js";
export { type EncodeWatch, openTextEncoder, type TextEncoder, type TextEncoderModel } from "./text-encoder.js";
export {
  type PoolingMode,
  type TextVectorShape,
  textVector,
  type VectorActivation,
  type VectorModule,
  vectorParameters,
  vectorSize,
} from "./text-vector.js";
