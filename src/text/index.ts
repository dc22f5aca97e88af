// Texts to ids: words, vocabulary, WordPiece and its file.

export { compileIgnore } from "./ignore-pattern.js";
export { findOtherLanguages, type RowLanguages } from "./row-languages.js";
export { segmentedPlaces, segmentWords } from "./segment-words.js";
export { segmentedWords } from "./segmented-words.js";
export { detectLanguages, languageOf, stopWords } from "./stop-words.js";
export { suggestMaxLength } from "./suggest-max-length.js";
export * from "./tokenizers/index.js";
export { decode } from "./word-piece/decode.js";
export { type EncodedText, encode, encodeTexts, encodeWithOffsets } from "./word-piece/encode.js";
export { type TokenizerOptions, trainVocabulary } from "./word-piece/train-vocabulary.js";
export { createVocabulary, unknownId, type WordPieceVocabulary } from "./word-piece/vocabulary.js";
export { vocabularyFromJson, vocabularyToJson } from "./word-piece/vocabulary-json.js";
export { words } from "./words.js";
