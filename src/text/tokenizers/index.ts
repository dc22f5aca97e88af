// Tokenizers of language models: byte-level BPE, WordPiece, characters, and any other tokenizer.json.
export { type ByteLevelBpeVocabulary, createByteLevelBpe } from "./byte-level-bpe.js";
export { type CharacterVocabulary, createCharacters } from "./characters.js";
export type { TextBatches } from "./count-words.js";
export { type EncodeBatchesOptions, type EncodedBatch, encodeBatches } from "./encode-batches.js";
export type { Frame } from "./foreign/index.js";
export { type FramedTokenizer, loadFramedTokenizer, loadTokenizer } from "./load-tokenizer.js";
export {
  type DecodeStream,
  endsOf,
  nameless,
  neutralToken,
  type PlacedIds,
  type SpecialRoles,
  type Tokenizer,
  unwritableIds,
} from "./tokenizer.js";
export { type TrainBpeOptions, trainByteLevelBpe } from "./train-byte-level-bpe.js";
export { type TrainCharactersOptions, trainCharacters } from "./train-characters.js";
export { type TrainWordPieceOptions, trainWordPiece } from "./train-word-piece.js";
export { createWordPiece } from "./word-piece.js";
