// Texts to ids: words, vocabulary, WordPiece and its file.
export { decode } from "./decode.js";
export { type EncodedText, encode, encodeTexts, encodeWithOffsets } from "./encode.js";
export { compileIgnore } from "./ignore-pattern.js";
export { segmentWords } from "./segment-words.js";
export { segmentedWords } from "./segmented-words.js";
export { detectLanguages, stopWords } from "./stop-words.js";
export { suggestMaxLength } from "./suggest-max-length.js";
export { createTokenizer, padId, type Tokenizer, unknownId } from "./tokenizer.js";
export { fromTokenizerJson, toTokenizerJson } from "./tokenizer-json.js";
export * from "./tokenizers/index.js";
export { type TokenizerOptions, trainTokenizer } from "./train-tokenizer.js";
export { words } from "./words.js";
