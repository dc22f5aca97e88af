// What a layer is: a plain description, and one definition a kind that gives it meaning. Knows no model and no numbers.
import type { z } from "zod";
import type { Shape, Tensor } from "../graph/index.js";
import type { Initializer } from "./initializers.js";

export const layerKinds = [
  "activation",
  "add",
  "concatenate",
  "conv1d",
  "dense",
  "dropout",
  "embedding",
  "flatten",
  "globalAveragePooling",
  "globalMaxPooling",
  "layerNormalization",
  "lstm",
  "masking",
  "multiHeadAttention",
  "positionalEmbedding",
  "reshape",
  "residual",
  "rmsNormalization",
  "scaledDotProductAttention",
  "transformerDecoderBlock",
  "transformerEncoderBlock",
] as const;
export type LayerKind = (typeof layerKinds)[number];

/** A layer as plain data, as a saved model keeps it. */
export interface LayerDescription {
  /** A LayerKind, or the kind of a layer that defineLayer made. */
  readonly kind: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** A layer of a program: a description that can be called on tensors of a model to chain layers by hand. */
export interface Layer extends LayerDescription {
  (inputs: LayerTensor | readonly LayerTensor[]): LayerTensor;
  /** "" until the model names it after its kind. */
  readonly name: string;
  /** Values to start from instead of the initialisers', by parameter. */
  readonly initial: Readonly<Record<string, Float32Array>>;
  /** What defineLayer was told of this layer, and of layers inside it. */
  readonly custom: CustomKinds;
}

/** Definitions of layers that are not built in, by kind. */
export type CustomKinds = ReadonlyMap<string, LayerDefinition<unknown>>;

/** Sizes of an input without the batch. A name, or null for "length", stands for a size that each batch chooses. */
export interface InputSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: "float32" | "int32";
}

export interface LayerCall {
  readonly layer: Layer;
  readonly inputs: readonly LayerTensor[];
}

/** A place in a model: an input, or what a call of a layer gives. */
export interface LayerTensor {
  readonly source: InputSpec | LayerCall;
  readonly output: "result" | "attention";
}

export interface ParameterSpec {
  /** Inside its layer: "kernel"; nested layers come before it: "attention/query/kernel". */
  name: string;
  shape: readonly number[];
  initializer: Initializer;
  /** False: training leaves it alone. */
  trainable?: boolean;
  /** A matrix (in, out) between two hidden vectors: what Muon is for. */
  isHidden?: boolean;
}

export interface LayerResult {
  result: Tensor;
  /** (batch, length) of the result: 1 at words, 0 at padding; absent where every position counts. */
  mask?: Tensor;
  /** Attention weights (batch, heads, queries, keys), where the layer has some. */
  attention?: Tensor;
}

/** What a layer sees while it builds its part of a graph. Shapes have the batch first. */
export interface LayerContext {
  readonly training: boolean;
  readonly dtype: "float32" | "float64";
  /** One an input, (batch, length), where padding is marked. */
  readonly masks: readonly (Tensor | undefined)[];
  parameter(name: string): Tensor;
  /** Dropout in training, else x itself. `name` tells the layer's masks apart. */
  dropout(x: Tensor, rate: number, name?: string): Tensor;
  /** Applies a layer inside this one; its parameters stand under `name`. */
  inner(layer: LayerDescription, name: string, inputs: readonly Tensor[], masks: LayerContext["masks"]): LayerResult;
}

/** What a layer that holds others asks about them. */
export interface InnerShapes {
  parameters(layer: LayerDescription, name: string, inputs: readonly Shape[]): ParameterSpec[];
  outputShape(layer: LayerDescription, inputs: readonly Shape[]): Shape;
}

/** The meaning of one kind of layer. Methods, so that definitions of several configs fit one table. */
export interface LayerDefinition<C> {
  /** Checks options and fills in defaults: a schema, or for a layer from outside a function. */
  readonly options: z.ZodType<C> | ((given: object) => C);
  /** Checks the inputs' shapes, and says what is learnt. */
  parameters(config: C, inputs: readonly Shape[], inner: InnerShapes): ParameterSpec[];
  call(config: C, inputs: readonly Tensor[], context: LayerContext): LayerResult;
}
