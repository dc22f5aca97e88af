// From token ids to the hidden states whose products with the token vectors are the logits: both families.
import { fixed, type LstmState, lstmWithState, mul, randomMask, type Tensor, transpose } from "../../../graph/index.js";
import {
  applyLayer,
  embedding,
  type GraphBuild,
  type Layer,
  layerNormalization,
  layerParameters,
  type ParameterSpec,
  positionalEmbedding,
  rmsNormalization,
  transformerDecoderBlock,
} from "../../../nn/index.js";
import type { LstmShape, NetworkShape, TransformerShape } from "./shape.js";

export interface BuiltNetwork {
  /** (batch, length, width) */
  hidden: Tensor;
  /** Token vectors (vocabulary, width): logits are hidden · tableᵀ. */
  table: Tensor;
  /** In a fixed order, for the first values. */
  parameters: ParameterSpec[];
  /** LSTM: the state at the end, a layer each. */
  state?: LstmState[];
}

export interface NetworkInputs {
  /** (batch, length) int */
  ids: Tensor;
  /** (batch, length) float, 1 at tokens and 0 at padding; left out, every position counts. */
  mask?: Tensor;
  /** LSTM: the state to begin with, a layer each; zeros where it is left out. */
  state?: readonly LstmState[];
}

/** Name of the token vectors among the parameters. */
export const tableName = "embedding/table";

export function buildNetwork(shape: NetworkShape, inputs: NetworkInputs, build: GraphBuild): BuiltNetwork {
  return shape.family === "transformer" ? buildTransformer(shape, inputs, build) : buildLstm(shape, inputs, build);
}

function buildTransformer(shape: TransformerShape, { ids, mask }: NetworkInputs, build: GraphBuild): BuiltNetwork {
  const parameters: ParameterSpec[] = [];
  const apply = (layer: Layer, name: string, x: Tensor): Tensor => {
    parameters.push(...layerParameters(layer, name, [x.shape]));
    return applyLayer(layer, { name, call: name }, [x], [mask], build).result;
  };
  const { layers, width, dropout: rate } = shape;
  const isRotary = shape.positions === "rotary";
  let x = embedTokens(shape, ids, parameters, build);
  if (!isRotary) x = apply(positionalEmbedding({ maxLength: shape.contextLength }), "positions", x);
  x = dropped(x, rate, "embeddingDropout", build);
  const block = transformerDecoderBlock({
    heads: shape.heads,
    keyValueHeads: shape.keyValueHeads,
    feedForwardSize: shape.feedForwardSize,
    feedForward: shape.feedForward,
    norm: shape.norm,
    rotaryLength: isRotary ? shape.contextLength : undefined,
    queryKeyNorm: shape.queryKeyNorm,
    useBias: shape.useBias,
    causal: shape.objective === "next-token",
    dropout: rate,
    // As GPT-2: the sum grows with every block, so each writes less into it.
    deviation: 0.02,
    outputDeviation: 0.02 / Math.sqrt(2 * layers),
  });
  for (let layer = 0; layer < layers; layer++) x = apply(block, `blocks/${layer}`, x);
  const norm = shape.norm === "rms" ? rmsNormalization() : layerNormalization({ epsilon: 1e-5 });
  const hidden = apply(norm, "norm", x);
  return { hidden, table: build.parameter(tableName, [shape.vocabSize, width]), parameters };
}

/**
 * S. Merity et al. 2017, arXiv:1708.02182 (AWD-LSTM): dropout whose mask stays through the stretch, dropout of
 * recurrent weights, token vectors that are input and output in one.
 */
function buildLstm(shape: LstmShape, { ids, state }: NetworkInputs, build: GraphBuild): BuiltNetwork {
  const parameters: ParameterSpec[] = [];
  const { layers, width, hidden, dropout: rate, weightDropout } = shape;
  // Column-shaped, (length, features, batch).
  let x = transpose(embedTokens(shape, ids, parameters, build), [1, 2, 0]);
  const final: LstmState[] = [];
  x = lockedDropout(x, rate, "embeddingDropout", build);
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
    x = lockedDropout(step.result, rate, `lstm/${layer}/dropout`, build);
  }
  const table = build.parameter(tableName, [shape.vocabSize, width]);
  return { hidden: transpose(x, [2, 0, 1]), table, parameters, state: final };
}

function embedTokens(
  { vocabSize, width }: NetworkShape,
  ids: Tensor,
  parameters: ParameterSpec[],
  build: GraphBuild,
): Tensor {
  const layer = embedding({ vocabSize, embeddingDim: width });
  const [table] = layerParameters(layer, "embedding", [ids.shape]);
  parameters.push({ ...table, initializer: { normal: 0.02 } });
  return applyLayer(layer, { name: "embedding", call: "embedding" }, [ids], [], build).result;
}

function dropped(x: Tensor, rate: number, name: string, build: GraphBuild): Tensor {
  if (!build.training || rate === 0) return x;
  return mul(
    x,
    randomMask(
      name,
      x.shape.map((dim) => fixed(dim, "dropout")),
      rate,
    ),
  );
}

/** x (length, features, batch): the same features of a row are hidden at all steps. */
function lockedDropout(x: Tensor, rate: number, name: string, build: GraphBuild): Tensor {
  if (!build.training || rate === 0) return x;
  const [, features, batch] = x.shape.map((dim) => fixed(dim, "dropout"));
  return mul(x, randomMask(name, [1, features, batch], rate));
}
