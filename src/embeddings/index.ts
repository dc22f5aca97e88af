// Vectors of words: training, reading and writing, questions to them.
export type { Arena, SharedMemory } from "../kernels/index.js";
export { type Corpus, type CorpusOptions, readCorpus, type Texts } from "./corpus.js";
export { countPairs, type DistanceWeight, type PairCountOptions, type PairCounts } from "./counts/count-pairs.js";
export { type PpmiOptions, ppmi } from "./counts/ppmi.js";
export { type CharacterNgramOptions, fitNgrams } from "./fit-ngrams.js";
export { fitGlove, type GloveOptions } from "./glove/glove.js";
export { tokenNames, tokenReader } from "./open-token-reader.js";
export { type WordVectorOptions, wordVectorOptions, wordVectorOptionsSchema } from "./options.js";
export { randomVectors } from "./random-vectors.js";
export { readWordVectors } from "./read-vectors.js";
export { type SimilarWord, type SimilarWordsOptions, similarWords } from "./similar-words.js";
export { fitSkipgram, type SkipgramOptions } from "./skipgram/skipgram.js";
export { type CountRows, readBlock, type SparseBlock, type SparseMatrix } from "./sparse-matrix.js";
export { type PrincipalComponents, type PrincipalOptions, principalComponents } from "./svd/principal-components.js";
export { type Svd, type SvdOptions, truncatedSvd } from "./svd/truncated-svd.js";
export type { TokenReader } from "./token-reader.js";
export { type TokenVectorOptions, tokenVectors } from "./token-vectors.js";
export { type TrainedVectors, trainWordVectors } from "./train.js";
export { writeVectorsBinary } from "./vectors-binary.js";
export { readVectorsFolder, type VectorFacts, type VectorOrigin, writeVectorsFolder } from "./vectors-folder.js";
export { writeVectorsText } from "./vectors-text.js";
export { openWordRows } from "./word-rows.js";
export {
  type AnalogyScore,
  parseAnalogies,
  parsePairs,
  type SimilarityScore,
  scoreAnalogies,
  scoreSimilarity,
  type WordPair,
} from "./word-tests.js";
export {
  createWordVectors,
  type NgramVectors,
  vectorOf,
  type WordLookup,
  type WordVectors,
  wordLookup,
  wordProbabilities,
} from "./word-vectors.js";
export { createPool, type Pool } from "./workers/pool.js";
