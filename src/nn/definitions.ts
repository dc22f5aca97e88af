// All kinds of layers, one typed table: a kind without a definition does not compile.
import { activationDefinition } from "./activation.js";
import { addDefinition } from "./add.js";
import { concatenateDefinition } from "./concatenate.js";
import { conv1dDefinition } from "./conv1d.js";
import { denseDefinition } from "./dense.js";
import { dropoutDefinition } from "./dropout.js";
import { embeddingDefinition } from "./embedding.js";
import { flattenDefinition } from "./flatten.js";
import { globalAveragePoolingDefinition } from "./global-average-pooling.js";
import { globalMaxPoolingDefinition } from "./global-max-pooling.js";
import type { LayerDefinition, LayerKind } from "./layer.js";
import { layerNormalizationDefinition } from "./layer-normalization.js";
import { lstmDefinition } from "./lstm.js";
import { maskingDefinition } from "./masking.js";
import { multiHeadAttentionDefinition } from "./multi-head-attention.js";
import { positionalEmbeddingDefinition } from "./positional-embedding.js";
import { reshapeDefinition } from "./reshape.js";
import { residualDefinition } from "./residual.js";
import { rmsNormalizationDefinition } from "./rms-normalization.js";
import { scaledDotProductAttentionDefinition } from "./scaled-dot-product-attention.js";
import { transformerDecoderBlockDefinition } from "./transformer-decoder-block.js";
import { transformerEncoderBlockDefinition } from "./transformer-encoder-block.js";

export const layerDefinitions: Record<LayerKind, LayerDefinition<unknown>> = {
  activation: activationDefinition,
  add: addDefinition,
  concatenate: concatenateDefinition,
  conv1d: conv1dDefinition,
  dense: denseDefinition,
  dropout: dropoutDefinition,
  embedding: embeddingDefinition,
  flatten: flattenDefinition,
  globalAveragePooling: globalAveragePoolingDefinition,
  globalMaxPooling: globalMaxPoolingDefinition,
  layerNormalization: layerNormalizationDefinition,
  lstm: lstmDefinition,
  masking: maskingDefinition,
  multiHeadAttention: multiHeadAttentionDefinition,
  positionalEmbedding: positionalEmbeddingDefinition,
  reshape: reshapeDefinition,
  residual: residualDefinition,
  rmsNormalization: rmsNormalizationDefinition,
  scaledDotProductAttention: scaledDotProductAttentionDefinition,
  transformerDecoderBlock: transformerDecoderBlockDefinition,
  transformerEncoderBlock: transformerEncoderBlockDefinition,
};
