// A trained network as an ONNX file.
import { encodeOnnx } from "../formats/onnx/encode.js";
import type { NamedArray } from "../formats/safetensors.js";
import { cast, countFlops, emitModel, input } from "../graph/index.js";
import { type GraphBuild, graphBuild, type ParameterSpec } from "../nn/index.js";
import { scoredLengths } from "./encoded-texts/index.js";
import { flopsByLength } from "./flops-by-length.js";
import { type AnswerForm, answersOf } from "./head.js";
import type { TextNetwork } from "./network.js";
import { type NetworkWeights, numbersOf, takeWeights } from "./network-weights.js";

/**
 * model.onnx: input_ids and attention_mask (batch, length; int64) give answers (the form's `output`) and logits, both
 * (batch, width).
 */
export function textNetworkOnnx(
  network: TextNetwork,
  form: AnswerForm,
  weights: NetworkWeights,
  arrange?: Arrange,
): Uint8Array {
  const { logits } = built(network, arrange);
  return encodeOnnx(emitModel({ [form.output]: answersOf(form, logits), logits }, { values: numbersOf(weights) }));
}

/** The network up to its last layer, as an ONNX file: input_ids and attention_mask give features (batch, size). */
export function textEncoderOnnx(network: TextNetwork, weights: NetworkWeights) {
  const { features } = built(network);
  return { onnx: encodeOnnx(emitModel({ features }, { values: numbersOf(weights) })), size: Number(features.shape[1]) };
}

/**
 * A network's own weights among those of a file.
 *
 * @param isWanted - some of them alone
 * @throws UserError when one is missing or has another shape or type, or the network's sizes do not fit together
 */
export function textNetworkWeights(
  network: TextNetwork,
  tensors: ReadonlyMap<string, NamedArray>,
  isWanted: (parameter: string) => boolean = () => true,
): NetworkWeights {
  return takeWeights(() => networkParameters(network).filter(({ name }) => isWanted(name)), tensors);
}

/** Operations of answering texts of these lengths, padded to those beside them as `openTokenScorer` does it. */
export function scoringFlops(network: TextNetwork, lengths: readonly number[]): number {
  return flopsByLength(scoredLengths(lengths), (length) => {
    const ids = input("ids", [1, length], "int32");
    return countFlops([network.build(ids, input("mask", [1, length]), graphBuild(false)).logits]);
  });
}

export function networkParameters(network: TextNetwork): readonly ParameterSpec[] {
  return built(network).parameters;
}

/** What changes how products are computed. */
type Arrange = (build: GraphBuild) => GraphBuild;

function built(network: TextNetwork, arrange: Arrange = (build) => build) {
  const ids = input("input_ids", ["batch", "length"], "int64");
  const mask = cast(input("attention_mask", ["batch", "length"], "int64"), "float32");
  return network.build(ids, mask, arrange(graphBuild(false)));
}
