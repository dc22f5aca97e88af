// The layers by name, the losses, and what turns a description into a graph.
export { activation } from "./activation.js";
export type { ActivationName } from "./activations.js";
export { add } from "./add.js";
export { applyLayer, layerParameters } from "./apply-layer.js";
export { type ArrangedBlock, arrangedBlock } from "./arranged-block.js";
export { type ConcatenateOptions, concatenate } from "./concatenate.js";
export { type Conv1dOptions, conv1d } from "./conv1d.js";
export { type CustomLayer, type CustomLayerDefinition, defineLayer } from "./define-layer.js";
export { type DenseOptions, dense } from "./dense.js";
export { dropout } from "./dropout.js";
export { type EmbeddingOptions, embedding } from "./embedding.js";
export { flatten } from "./flatten.js";
export { globalAveragePooling } from "./global-average-pooling.js";
export { globalMaxPooling } from "./global-max-pooling.js";
export { type GraphBuild, graphBuild, type ProductWeights, separateProducts } from "./graph-build.js";
export { type Initializer, initialValues } from "./initializers.js";
export {
  type CustomKinds,
  type InnerShapes,
  type InputSpec,
  type KeysAndValues,
  type Layer,
  type LayerCall,
  type LayerContext,
  type LayerDefinition,
  type LayerDescription,
  type LayerKind,
  type LayerResult,
  type LayerTensor,
  layerKinds,
  type ParameterSpec,
  type Past,
} from "./layer.js";
export { type LayerNormalizationOptions, layerNormalization } from "./layer-normalization.js";
export { type LossName, lossNames, lossOf } from "./losses.js";
export { type LstmOptions, lstm } from "./lstm.js";
export { describe, type LayerOptions, readOptions } from "./make-layer.js";
export { masking } from "./masking.js";
export { type MultiHeadAttentionOptions, multiHeadAttention } from "./multi-head-attention.js";
export { type PositionalEmbeddingOptions, positionalEmbedding } from "./positional-embedding.js";
export { reshape } from "./reshape.js";
export { residual } from "./residual.js";
export { describeLayer, restoreLayer } from "./restore-layer.js";
export { type RmsNormalizationOptions, rmsNormalization } from "./rms-normalization.js";
export { type ScaledDotProductAttentionOptions, scaledDotProductAttention } from "./scaled-dot-product-attention.js";
export { type TransformerBlock, zerosLike } from "./transformer-block.js";
export { type TransformerDecoderBlockOptions, transformerDecoderBlock } from "./transformer-decoder-block.js";
export { type TransformerEncoderBlockOptions, transformerEncoderBlock } from "./transformer-encoder-block.js";
