// Symbolic tensors, the ops on them, differentiation, and the way to ONNX.
export { gradients } from "./autodiff.js";
export { type EmitOptions, emitModel } from "./emit.js";
export * from "./ops/index.js";
export { broadcastShapes, elementCount, fixed, fixedShape, sameShape, showShape } from "./shapes.js";
export type { Dim, DType, GraphNode, Op, Shape, Tensor } from "./tensor.js";
export { apply, sortNodes } from "./tensor.js";
