// Tokenizers of language models: byte-level BPE, WordPiece, characters, and any other tokenizer.json.
export { type ByteLevelBpeVocabulary, createByteLevelBpe } from "./byte-level-bpe.js";
export { type CharacterVocabulary, createCharacters } from "./characters.js";
export type { DecodeStream, LanguageTokenizer, PlacedIds, SpecialRoles } from "./language-tokenizer.js";
export { loadTokenizer } from "./load-tokenizer.js";
