// Writing text with a language model: sampling, beam search, constraints, stop strings. Token ids only.
export { type BeamOptions, beamSearch } from "./beam-search.js";
export {
  constrainTokens,
  jsonSchemaPattern,
  oneOfTexts,
  type Pattern,
  parseRegex,
  type TokenConstraint,
  type Vocabulary,
} from "./constraint/index.js";
export type { Decoder } from "./decoder.js";
export { type GeneratedTokens, type GenerateOptions, generate } from "./generate.js";
export { type StopScan, type StopScanner, stopScanner } from "./stop-strings.js";
export type { TokenRules } from "./token-rules.js";
