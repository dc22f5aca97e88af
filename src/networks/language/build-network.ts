// From token ids to the hidden states whose products with the token vectors are the logits: both families.
import { fixed, type LstmState, lstmWithState, mul, randomMask, type Tensor, transpose } from "../../graph/index.js";
import {
  type ArrangedBlock,
  applyLayer,
  arrangedBlock,
  embedding,
  type GraphBuild,
  type KeysAndValues,
  type LayerDescription,
  type LayerResult,
  layerNormalization,
  layerParameters,
  type ParameterSpec,
  type Past,
  positionalEmbedding,
  rmsNormalization,
} from "../../nn/index.js";
import type { LanguageNetworkShape, LstmShape, TransformerShape } from "./shape.js";
import { beyondPast, beyondWindow } from "./windows.js";

export interface BuiltLanguageNetwork {
  /** (batch, length, width) */
  hidden: Tensor;
  /** The vectors of the tokens, before the network has read them: (batch, length, width). */
  embedded: Tensor;
  /** Token vectors, or a matrix of its own, (vocabulary, width): logits are hidden · tableᵀ. */
  table: Tensor;
  /** In a fixed order, for the first values. */
  parameters: ParameterSpec[];
  /** LSTM: the state at the end, a layer each. */
  state?: LstmState[];
  /** Transformer behind a past: keys and values of the tokens, a layer each. */
  kept?: KeysAndValues[];
}

export interface NetworkInputs {
  /** (batch, length) int */
  ids: Tensor;
  /** Their vectors, where they are looked up outside the graph. */
  embedded?: Tensor;
  /** (batch, length) float, 1 at tokens and 0 at padding; left out, every position counts. */
  mask?: Tensor;
  /** LSTM: the state to begin with, a layer each; zeros where it is left out. */
  state?: readonly LstmState[];
  /** Transformer: what is known of the tokens before, a layer each; left out, texts begin here. */
  past?: readonly Past[];
}

/** Name of the token vectors among the parameters. */
export const tokenTableName = "embedding/table";
/** Of the output's matrix, where it is not the token vectors. */
export const outputTableName = "output/table";

export function buildLanguageNetwork(
  shape: LanguageNetworkShape,
  inputs: NetworkInputs,
  build: GraphBuild,
): BuiltLanguageNetwork {
  return shape.family === "transformer" ? buildTransformer(shape, inputs, build) : buildLstm(shape, inputs, build);
}

function buildTransformer(
  shape: TransformerShape,
  { ids, embedded: given, mask, past }: NetworkInputs,
  build: GraphBuild,
): BuiltLanguageNetwork {
  const parameters: ParameterSpec[] = [];
  const apply = (layer: LayerDescription, name: string, inputs: Tensor | Tensor[], before?: Past) =>
    applied(layer, name, inputs, mask, parameters, build, before);
  const { layers, width, dropout: rate, epsilon = 1e-5 } = shape;
  const isRotary = shape.positions === "rotary";
  const embedded = embedTokens(shape, ids, parameters, build, given);
  let x = embedded;
  if (!isRotary) x = apply(positionalEmbedding({ maxLength: shape.contextLength }), "positions", x, past?.[0]).result;
  x = dropped(x, rate, "embeddingDropout", x.shape, build);
  const block = arrangedBlock(blockOf(shape));
  const kept: KeysAndValues[] = [];
  const near = windowsOf(shape, x, past);
  for (let layer = 0; layer < layers; layer++) {
    const { past: before, bias } = near(layer);
    const applied = apply(block, `blocks/${layer}`, bias ? [x, bias] : x, before);
    x = applied.result;
    if (applied.kept) kept.push(applied.kept);
  }
  const norm = shape.norm === "rms" ? rmsNormalization({ epsilon }) : layerNormalization({ epsilon });
  const hidden = apply(norm, "norm", x).result;
  const size = [shape.vocabSize, width];
  if (shape.isUntied) parameters.push({ name: outputTableName, shape: size, initializer: { normal: 0.02 } });
  const table = build.parameter(shape.isUntied ? outputTableName : tokenTableName, size);
  return { hidden, embedded, table, parameters, ...(past && { kept }) };
}

function blockOf(shape: TransformerShape): ArrangedBlock {
  const { epsilon = 1e-5, useBias, attentionBias, contextLength, dropout } = shape;
  return {
    attention: {
      heads: shape.heads,
      keyValueHeads: shape.keyValueHeads,
      headWidth: shape.headWidth,
      useBias: attentionBias?.input ?? useBias,
      outputBias: attentionBias?.output,
      causal: shape.objective === "next-token",
      ...(shape.positions === "rotary" && {
        rotary: {
          maxLength: contextLength,
          base: 10000,
          frequencies: shape.rotaryFrequencies,
          pairs: shape.rotaryPairs ?? "halves",
        },
      }),
      ...(shape.queryKeyNorm && { queryKeyNorm: { epsilon } }),
      dropout,
      dropoutName: "dropout",
      prefix: "attention/",
    },
    feedForward: {
      size: shape.feedForwardSize,
      activation: shape.feedForward,
      useBias,
      names: { expand: "feedForward/expand", gate: "feedForward/gate", project: "feedForward/project" },
    },
    norm: shape.norm,
    normFirst: true,
    epsilon,
    dropout,
    // As GPT-2: the sum grows with every block, so each writes less into it.
    deviation: 0.02,
    outputDeviation: 0.02 / Math.sqrt(2 * shape.layers),
  };
}

/** What each layer sees: layers of one window share a mask. */
function windowsOf({ windows }: TransformerShape, x: Tensor, past: readonly Past[] | undefined) {
  const masks = new Map<number, Tensor>();
  const once = (window: number, make: () => Tensor) => {
    const known = masks.get(window) ?? make();
    masks.set(window, known);
    return known;
  };
  return (layer: number): { past?: Past; bias?: Tensor } => {
    const window = windows?.[layer] ?? null;
    const before = past?.[layer];
    if (window === null) return { past: before };
    if (!before?.attention) return { bias: once(window, () => beyondWindow(window, x)) };
    const { attention, positions } = before;
    const bias = once(window, () => beyondPast(window, positions, attention.bias));
    return { past: { ...before, attention: { ...attention, bias } } };
  };
}

/**
 * S. Merity et al. 2017, arXiv:1708.02182 (AWD-LSTM): dropout whose mask stays through the stretch, dropout of
 * recurrent weights, token vectors that are input and output in one. Those are small, so that the first logits are:
 * without the norms the gates see next to nothing of the token and the logits stay small, and with a vocabulary of
 * thousands the loss stands at that of single words for hundreds of steps.
 */
function buildLstm(shape: LstmShape, { ids, mask, state }: NetworkInputs, build: GraphBuild): BuiltLanguageNetwork {
  const parameters: ParameterSpec[] = [];
  const normalised = (name: string, x: Tensor) => applied(rmsNormalization(), name, x, mask, parameters, build).result;
  /** The same features of a text are hidden at all steps. */
  const locked = (name: string, x: Tensor, timeAxis: number) => {
    const maskShape = x.shape.map((dim, axis) => (axis === timeAxis ? 1 : dim));
    return dropped(x, rate, name, maskShape, build);
  };
  const { layers, width, hidden, dropout: rate, weightDropout } = shape;
  const embedded = normalised("embeddingNorm", embedTokens(shape, ids, parameters, build));
  // Column-shaped, (length, features, batch).
  let x = transpose(locked("embeddingDropout", embedded, 1), [1, 2, 0]);
  const final: LstmState[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const inputSize = layer === 0 ? width : hidden;
    const units = layer === layers - 1 ? width : hidden;
    const learnt = (part: string, size: number[], initializer: ParameterSpec["initializer"]) => {
      const name = `lstm/${layer}/${part}`;
      parameters.push({ name, shape: size, initializer });
      return build.parameter(name, size);
    };
    const kernel = learnt("kernel", [4 * units, inputSize], "glorotUniform");
    const recurrent = learnt("recurrentKernel", [4 * units, units], "orthogonal");
    const bias = learnt("bias", [4 * units], "lstmBias");
    const kept =
      build.training && weightDropout > 0
        ? mul(recurrent, randomMask(`lstm/${layer}/weightDropout`, [4 * units, units], weightDropout))
        : recurrent;
    const step = lstmWithState(x, kernel, kept, bias, { state: state?.[layer] });
    final.push(step.state);
    x = layer === layers - 1 ? step.result : locked(`lstm/${layer}/dropout`, step.result, 0);
  }
  const last = locked("dropout", normalised("norm", transpose(x, [2, 0, 1])), 1);
  const table = build.parameter(tokenTableName, [shape.vocabSize, width]);
  return { hidden: last, embedded, table, parameters, state: final };
}

function embedTokens(
  { vocabSize, width }: LanguageNetworkShape,
  ids: Tensor,
  parameters: ParameterSpec[],
  build: GraphBuild,
  given?: Tensor,
): Tensor {
  const layer = embedding({ vocabSize, embeddingDim: width });
  const [table] = layerParameters(layer, "embedding", [ids.shape]);
  parameters.push({ ...table, initializer: { normal: 0.02 } });
  return given ?? applyLayer(layer, { name: "embedding", call: "embedding" }, [ids], [], build).result;
}

/** One layer's result; what it learns is added to `parameters`. */
function applied(
  layer: LayerDescription,
  name: string,
  x: Tensor | Tensor[],
  mask: Tensor | undefined,
  parameters: ParameterSpec[],
  build: GraphBuild,
  past?: Past,
): LayerResult {
  const inputs = [x].flat();
  parameters.push(
    ...layerParameters(
      layer,
      name,
      inputs.map(({ shape }) => shape),
    ),
  );
  return applyLayer(layer, { name, call: name, past }, inputs, [mask], build);
}

/** @param maskShape 1 where one value hides a whole axis */
function dropped(x: Tensor, rate: number, name: string, maskShape: Tensor["shape"], build: GraphBuild): Tensor {
  if (!build.training || rate === 0) return x;
  const sizes = maskShape.map((dim) => fixed(dim, "dropout"));
  return mul(x, randomMask(name, sizes, rate));
}
