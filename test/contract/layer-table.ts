// One small example of every kind of layer, for the contract tests: a kind without an example does not compile. Layers
// from outside keep the same contract.
import {
  activation,
  add,
  concatenate,
  conv1d,
  dense,
  dropout,
  embedding,
  flatten,
  globalAveragePooling,
  globalMaxPooling,
  type Layer,
  type LayerKind,
  layerNormalization,
  lstm,
  masking,
  multiHeadAttention,
  positionalEmbedding,
  reshape,
  residual,
  rmsNormalization,
  scaledDotProductAttention,
  transformerDecoderBlock,
  transformerEncoderBlock,
} from "columnist";
import { customExamples } from "./custom-layers.js";

export interface LayerExample {
  title: string;
  make(): Layer;
  /** Sizes of each input without the batch. */
  inputs: number[][];
  /** The input holds ids below 7 instead of numbers. */
  ids?: boolean;
  /** Also to be tried with padding marked, which must then not matter. */
  masked?: boolean;
  /** ONNX Runtime has no float64 kernel for a part of it. */
  float32Only?: boolean;
  /** It draws masks in training: its gradient is checked as at prediction. */
  hasDropout?: boolean;
  /** Values for which no difference crosses the corner of a ReLU. */
  seed?: number;
}

const vectors = [[5, 4]];
const example = (title: string, make: () => Layer, rest: Partial<LayerExample> = {}): LayerExample => ({
  title,
  make,
  inputs: vectors,
  ...rest,
});

export const layerExamples: Record<LayerKind, LayerExample[]> = {
  activation: [
    example("tanh", () => activation("tanh")),
    example("gelu", () => activation("gelu"), { float32Only: true }),
  ],
  add: [
    example("two", () => add(), {
      inputs: [
        [5, 4],
        [5, 4],
      ],
    }),
  ],
  concatenate: [
    example("widths", () => concatenate(), {
      inputs: [
        [5, 4],
        [5, 3],
      ],
    }),
  ],
  conv1d: [
    example("valid", () => conv1d({ filters: 3, kernelSize: 2 })),
    example("same", () => conv1d({ filters: 3, kernelSize: 4, padding: "same", activation: "tanh" }), { masked: true }),
  ],
  dense: [
    example("sigmoid", () => dense({ units: 3, activation: "sigmoid" })),
    example("on vectors, no bias", () => dense({ units: 3, useBias: false }), { inputs: [[4]] }),
  ],
  dropout: [example("a half", () => dropout(0.5), { hasDropout: true })],
  embedding: [
    example("with a bias", () => embedding({ vocabSize: 7, embeddingDim: 3, useBias: true }), {
      inputs: [[5]],
      ids: true,
    }),
  ],
  flatten: [example("a sequence", () => flatten())],
  globalAveragePooling: [example("", () => globalAveragePooling(), { masked: true })],
  globalMaxPooling: [example("", () => globalMaxPooling(), { masked: true })],
  layerNormalization: [example("", () => layerNormalization({ epsilon: 1e-5 }), { float32Only: true })],
  lstm: [
    example("last output", () => lstm({ units: 3 }), { masked: true }),
    example("sequences", () => lstm({ units: 3, returnSequences: true }), { masked: true }),
    example("bidirectional, last", () => lstm({ units: 3, bidirectional: true }), { masked: true }),
    example("bidirectional, sequences", () => lstm({ units: 2, bidirectional: true, returnSequences: true }), {
      masked: true,
    }),
  ],
  masking: [example("", () => masking(), { inputs: [[5, 4], [5]] })],
  multiHeadAttention: [
    example("", () => multiHeadAttention({ heads: 2 }), { masked: true }),
    example("causal", () => multiHeadAttention({ heads: 2, causal: true }), { masked: true }),
  ],
  positionalEmbedding: [
    example("learned", () => positionalEmbedding({ maxLength: 5 })),
    example("sinusoidal", () => positionalEmbedding({ maxLength: 9, vectors: "sinusoidal" })),
  ],
  reshape: [example("", () => reshape([2, 10]))],
  residual: [example("two layers", () => residual([dense({ units: 6, activation: "tanh" }), dense({ units: 4 })]))],
  rmsNormalization: [example("", () => rmsNormalization(), { float32Only: true })],
  scaledDotProductAttention: [
    example("self, causal", () => scaledDotProductAttention({ causal: true }), { masked: true }),
    example("three inputs", () => scaledDotProductAttention(), {
      inputs: [
        [3, 4],
        [5, 4],
        [5, 2],
      ],
    }),
  ],
  transformerDecoderBlock: [
    example(
      "GPT-2",
      () => transformerDecoderBlock({ heads: 2, feedForwardSize: 6, deviation: 0.5, outputDeviation: 0.5 }),
      {
        masked: true,
        float32Only: true,
      },
    ),
    example(
      "Llama",
      () =>
        transformerDecoderBlock({
          heads: 2,
          keyValueHeads: 1,
          feedForwardSize: 6,
          feedForward: "swiglu",
          norm: "rms",
          rotaryLength: 5,
          useBias: false,
          deviation: 0.5,
          outputDeviation: 0.5,
        }),
      { masked: true, float32Only: true },
    ),
    example(
      "normalised queries and keys, adjacent rotary pairs, squared ReLU, not causal",
      () =>
        transformerDecoderBlock({
          heads: 2,
          feedForwardSize: 6,
          feedForward: "squaredRelu",
          norm: "rms",
          queryKeyNorm: true,
          rotaryLength: 5,
          rotaryPairs: "adjacent",
          causal: false,
          deviation: 0.5,
          outputDeviation: 0.5,
        }),
      { masked: true, float32Only: true },
    ),
  ],
  transformerEncoderBlock: [
    example("norm first, gelu", () => transformerEncoderBlock({ heads: 2, feedForwardSize: 6, dropout: 0 }), {
      masked: true,
      float32Only: true,
    }),
    example(
      "norm last, relu",
      () => transformerEncoderBlock({ heads: 2, feedForwardSize: 6, normFirst: false, activation: "relu", dropout: 0 }),
      { masked: true, float32Only: true, seed: 2 },
    ),
  ],
};

export const allExamples = [
  ...Object.entries(layerExamples).flatMap(([kind, examples]) =>
    examples.map((entry) => ({ ...entry, title: `${kind} ${entry.title}`.trim() })),
  ),
  ...customExamples,
];
