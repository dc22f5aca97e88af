// Symbolic tensors, the ops on them, differentiation, and the way to ONNX.
export type {
  OnnxAttribute,
  OnnxDim,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxType,
  OnnxValue,
} from "../formats/onnx/model.js";
export { gradients } from "./autodiff.js";
export { countFlops, type Flops } from "./count-flops.js";
export { type EmitOptions, emitModel } from "./emit.js";
export type { Attributes, Emitter } from "./emitter.js";
export { liveBytes } from "./live-memory.js";
export * from "./ops/index.js";
export { broadcastShapes, countOf, elementCount, fixed, fixedShape, sameShape, showShape } from "./shapes.js";
export type { Dim, DType, GraphNode, Op, Shape, Tensor, TensorSpec } from "./tensor.js";
export { apply, sortNodes } from "./tensor.js";
