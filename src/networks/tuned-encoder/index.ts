// Pretrained encoders with a new last layer: training end to end or by low-rank updates, and their rows of the token table.
export { answersOnnx } from "./answers-graph.js";
export { isLowRankPart, type LowRank, lowRankSchema, mergeLowRank } from "./low-rank.js";
export { depthInEncoder, tunedEncoder } from "./network.js";
export { pairLoss } from "./pair-loss.js";
export { pairStream, pairsIn, type RowLabels } from "./pair-rows.js";
export { type PairSettings, pairSettings, type TuningSettings, tuningSettings } from "./settings.js";
export { type TunedEncoderShape, tunedEncoderSchema, withoutLastNorm } from "./shape.js";
export { occurringTokens, putRows, takeRows } from "./token-rows.js";
export { type PairRows, pairGraph, trainPairs } from "./train-pairs.js";
export { vectorNetwork, vectorTable } from "./vector-network.js";
