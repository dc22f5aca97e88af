// Vectors of words: training, reading and writing, questions to them.
export { readWordVectors } from "./read-vectors.js";
export { writeVectorsBinary } from "./vectors-binary.js";
export { isVectorsFolder, readVectorsFolder, type VectorFacts, writeVectorsFolder } from "./vectors-folder.js";
export { writeVectorsText } from "./vectors-text.js";
export { createWordVectors, type NgramVectors, vectorOf, type WordVectors, wordProbabilities } from "./word-vectors.js";
