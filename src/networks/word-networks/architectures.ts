// The network families: from token ids and a mask to logits. They differ only between the embedding and the last layer.
import { relu, type Tensor } from "../../graph/index.js";
import {
  applyLayer,
  concatenate,
  conv1d,
  dense,
  dropout,
  embedding,
  type GraphBuild,
  globalAveragePooling,
  globalMaxPooling,
  type Layer,
  layerParameters,
  lstm,
  type ParameterSpec,
  positionalEmbedding,
  transformerEncoderBlock,
} from "../../nn/index.js";
import type { BuiltTextNetwork, TextNetwork } from "../network.js";

export const wordNetworkNames = ["cnn", "lstm", "transformer"] as const;
export type WordNetworkName = (typeof wordNetworkNames)[number];

/** What a network looks like; kept in the model folder. */
export interface WordNetworkShape {
  family: WordNetworkName;
  vocabSize: number;
  /** Numbers that the last layer gives. */
  width: number;
  /** Tokens of a text that are read; the rest is cut off. */
  maxLength: number;
  embeddingDim: number;
  /** Filters of each width, LSTM units of a direction, or the width of the feed-forward part. */
  hidden: number;
  /** Transformer: encoder blocks. */
  blocks: number;
  heads: number;
  dropout: number;
  /** Share of the word vectors' features that training hides. */
  inputDropout: number;
}

/** The parameter that holds the vectors of tokens. */
export const wordTableName = "embedding/table";

export function wordNetwork(shape: WordNetworkShape): TextNetwork {
  const { family: name, width, maxLength } = shape;
  return { name, width, maxLength, build: (ids, mask, build) => buildNetwork(shape, ids, mask, build) };
}

function buildNetwork(shape: WordNetworkShape, ids: Tensor, mask: Tensor, build: GraphBuild): BuiltTextNetwork {
  const parameters: ParameterSpec[] = [];
  const apply = (layer: Layer, name: string, inputs: Tensor[], inputMask?: Tensor): Tensor => {
    const shapes = inputs.map((tensor) => tensor.shape);
    parameters.push(...layerParameters(layer, name, shapes));
    const masks = inputs.map(() => inputMask);
    return applyLayer(layer, { name, call: name }, inputs, masks, build).result;
  };
  const { embeddingDim, vocabSize } = shape;
  const words = apply(embedding({ vocabSize, embeddingDim }), "embedding", [ids]);
  const seen = apply(dropout(shape.inputDropout), "inputDropout", [words]);
  const features = bodies[shape.family](shape, seen, mask, apply);
  const kept = apply(dropout(shape.dropout), "dropout", [features]);
  return { logits: apply(dense({ units: shape.width }), "output", [kept]), features, parameters };
}

type Apply = (layer: Layer, name: string, inputs: Tensor[], mask?: Tensor) => Tensor;
type Body = (shape: WordNetworkShape, words: Tensor, mask: Tensor, apply: Apply) => Tensor;

const bodies: Record<WordNetworkName, Body> = {
  /** Y. Kim 2014, arXiv:1408.5882: windows of 3, 4 and 5 words, the largest value of each filter over the text. */
  cnn({ hidden }, words, mask, apply) {
    const pooled = [3, 4, 5].map((kernelSize) => {
      const windows = conv1d({ filters: hidden, kernelSize, padding: "same" });
      const convolved = apply(windows, `convolution${kernelSize}`, [words], mask);
      return apply(globalMaxPooling(), `pooling${kernelSize}`, [convolved], mask);
    });
    return relu(apply(concatenate(), "features", pooled));
  },
  /** Both directions; the largest value and the mean of each feature over the text, side by side. */
  lstm({ hidden }, words, mask, apply) {
    const outputs = apply(lstm({ units: hidden, bidirectional: true, returnSequences: true }), "lstm", [words], mask);
    const largest = apply(globalMaxPooling(), "maxPooling", [outputs], mask);
    const mean = apply(globalAveragePooling(), "averagePooling", [outputs], mask);
    return apply(concatenate(), "features", [largest, mean]);
  },
  /** Encoder blocks with the norm first; largest value and mean as above. */
  transformer({ heads, hidden, blocks, maxLength, dropout: rate }, words, mask, apply) {
    let x = apply(positionalEmbedding({ maxLength }), "positions", [words]);
    for (let block = 0; block < blocks; block++) {
      const layer = transformerEncoderBlock({ heads, feedForwardSize: hidden, normFirst: true, dropout: rate / 2 });
      x = apply(layer, `block${block}`, [x], mask);
    }
    const largest = apply(globalMaxPooling(), "maxPooling", [x], mask);
    const mean = apply(globalAveragePooling(), "averagePooling", [x], mask);
    return apply(concatenate(), "features", [largest, mean]);
  },
};
