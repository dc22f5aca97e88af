// The networks for language modelling: shapes, training, the ONNX file and scoring.

export { type NetworkWeights, takeWeights } from "../network-weights.js";
export { type AnswerScorer, openAnswerScorer } from "./answer-scorer.js";
export { buildLanguageNetwork, tokenTableName } from "./build-network.js";
export {
  type DecoderPrecision,
  type DecoderWeights,
  decoderParameters,
  type FloatWeight,
  roundWeights,
  unrounded,
} from "./decoder-weights.js";
export { commonLength } from "./kept-beginning.js";
export { openKeptScorer } from "./kept-scorer.js";
export { lstmDecoder } from "./lstm-decoder.js";
export {
  languageEncoderOnnx,
  languageNetworkOnnx,
  type NetworkScorer,
  openScorer,
  scoringFlops,
} from "./network-graphs.js";
export { parameterCount, parameterSpecs } from "./network-parameters.js";
export {
  type LanguageNetworkShape,
  type LstmShape,
  languageNetworkShapeSchema,
  longestContext,
  type TransformerShape,
} from "./shape.js";
export { createTrainer, type Trainer, type TrainerOptions } from "./trainer.js";
export { stateShapes } from "./training-graphs.js";
export { transformerDecoder } from "./transformer-decoder.js";
