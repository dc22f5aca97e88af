// The layers by name, the losses, and what turns a description into a graph.
export { activation } from "./activation.js";
export { add } from "./add.js";
export { applyLayer, type GraphBuild, graphBuild, layerParameters } from "./apply-layer.js";
export { concatenate } from "./concatenate.js";
export { conv1d } from "./conv1d.js";
export { dense } from "./dense.js";
export { dropout } from "./dropout.js";
export { type EmbeddingOptions, embedding } from "./embedding.js";
export { flatten } from "./flatten.js";
export { globalAveragePooling } from "./global-average-pooling.js";
export { globalMaxPooling } from "./global-max-pooling.js";
export { type Initializer, initialValues } from "./initializers.js";
export {
  type InputSpec,
  type Layer,
  type LayerCall,
  type LayerDescription,
  type LayerKind,
  type LayerResult,
  type LayerTensor,
  layerKinds,
  type ParameterSpec,
} from "./layer.js";
export { layerNormalization } from "./layer-normalization.js";
export { type LossName, lossNames, lossOf } from "./losses.js";
export { lstm } from "./lstm.js";
export { describe, type LayerOptions, readOptions } from "./make-layer.js";
export { masking } from "./masking.js";
export { multiHeadAttention } from "./multi-head-attention.js";
export { positionalEmbedding } from "./positional-embedding.js";
export { reshape } from "./reshape.js";
export { residual } from "./residual.js";
export { describeLayer, restoreLayer } from "./restore-layer.js";
export { rmsNormalization } from "./rms-normalization.js";
export { scaledDotProductAttention } from "./scaled-dot-product-attention.js";
export { transformerDecoderBlock } from "./transformer-decoder-block.js";
export { transformerEncoderBlock } from "./transformer-encoder-block.js";
