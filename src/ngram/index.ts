// The n-gram model: training, scoring, and its arrays.
export { ngramDecoder } from "./ngram-decoder.js";
export { type NgramLevel, type NgramModel, ngramCounts } from "./ngram-model.js";
export { ngramFromTensors, ngramToTensors } from "./ngram-tensors.js";
export { distribution, logProbabilities } from "./score-ngram.js";
export { type NgramOptions, trainNgram } from "./train-ngram.js";
