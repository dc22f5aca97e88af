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

/** A layer as plain data, as stored in a saved model. */
export interface LayerDescription {
  /** A LayerKind, or the kind of a layer made with defineLayer. */
  readonly kind: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** A layer in a program: a description that can be called on tensors of a model to connect layers. */
export interface Layer extends LayerDescription {
  (inputs: LayerTensor | readonly LayerTensor[]): LayerTensor;
  /** "" until the model names it after its kind. */
  readonly name: string;
  /** Initial values by parameter, instead of the initialisers'. */
  readonly initial: Readonly<Record<string, Float32Array>>;
  /** The definitions of this layer and of layers inside it, if custom. */
  readonly custom: CustomKinds;
}

/** Definitions of layers that are not built in, by kind. */
export type CustomKinds = ReadonlyMap<string, LayerDefinition<unknown>>;

/** Sizes of an input without the batch. A name, or null for "length", is a size that each batch sets. */
export interface InputSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: "float32" | "int32";
}

export interface LayerCall {
  readonly layer: Layer;
  readonly inputs: readonly LayerTensor[];
}

/** A tensor of a model: an input, or the output of a layer call. */
export interface LayerTensor {
  readonly source: InputSpec | LayerCall;
  readonly output: "result" | "attention";
}

export interface ParameterSpec {
  /** Within its layer: "kernel"; nested layers are a prefix: "attention/query/kernel". */
  name: string;
  shape: readonly number[];
  initializer: Initializer;
  /** False: not trained. */
  trainable?: boolean;
  /** A matrix (in, out) between two hidden vectors, which Muon is made for. */
  isHidden?: boolean;
}

export interface LayerResult {
  result: Tensor;
  /** (batch, length) of the result: 1 at words, 0 at padding; absent where every position counts. */
  mask?: Tensor;
  /** Attention weights (batch, heads, queries, keys), if the layer has any. */
  attention?: Tensor;
  /** With `past`: keys and values of x's tokens, to be kept for those after. */
  kept?: KeysAndValues;
}

/** Each (batch, key-value heads, tokens, head width). */
export interface KeysAndValues {
  readonly keys: Tensor;
  readonly values: Tensor;
}

/** What stands before x, where a text is read or written step by step. */
export interface Past {
  /** Places of x's tokens in their texts, (batch, length) int64. */
  readonly positions: Tensor;
  /**
   * What an attention kept of the tokens before; bias (batch, 1, 1, tokens) is very negative where there is none. `among` (length,
   * length) says what x's tokens see of each other; left out, each sees those before it.
   */
  readonly attention?: KeysAndValues & { readonly bias: Tensor; readonly among?: Tensor };
}

/** The context in which a layer builds its part of a graph. Shapes have the batch first. */
export interface LayerContext {
  readonly training: boolean;
  readonly dtype: "float32" | "float64";
  /** See GraphBuild. */
  readonly fusesAttention?: boolean;
  /** One per input, (batch, length), where padding is masked. */
  readonly masks: readonly (Tensor | undefined)[];
  /** Absent where x is the whole text. */
  readonly past?: Past;
  parameter(name: string): Tensor;
  /**
   * x W + b for each name: W is the parameter "name/kernel" (in, out), b "name/bias" (out) if the layer has it; "" stands
   * for "kernel" and "bias". Called once for all products of the same x, which may then be computed as one.
   */
  products(x: Tensor, names: readonly string[]): readonly Tensor[];
  /** Dropout in training, otherwise x itself. `name` distinguishes the layer's masks. */
  dropout(x: Tensor, rate: number, name?: string): Tensor;
  /** Applies a layer inside this one; its parameters are named under `name`. */
  inner(layer: LayerDescription, name: string, inputs: readonly Tensor[], masks: LayerContext["masks"]): LayerResult;
}

/** Functions for a layer that contains others. */
export interface InnerShapes {
  parameters(layer: LayerDescription, name: string, inputs: readonly Shape[]): ParameterSpec[];
  outputShape(layer: LayerDescription, inputs: readonly Shape[]): Shape;
}

/** The meaning of one kind of layer. Methods, so that definitions of several configs fit one table. */
export interface LayerDefinition<C> {
  /** Checks options and fills in defaults: a schema, or for a layer from outside a function. */
  readonly options: z.ZodType<C> | ((given: object) => C);
  /** Checks the inputs' shapes, and returns the trainable parameters. */
  parameters(config: C, inputs: readonly Shape[], inner: InnerShapes): ParameterSpec[];
  call(config: C, inputs: readonly Tensor[], context: LayerContext): LayerResult;
}
