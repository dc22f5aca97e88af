// Why a text model answered as it did: each word's share of a decision, and how far such shares can be trusted.
export {
  type ExplainerOptions,
  type Explanation,
  type OpenExplainer,
  openExplainer,
  type WordShare,
} from "./explain-rows.js";
export type { WordAttention } from "./method.js";
export { type MethodName, methodNames, methods } from "./methods.js";
export { type Span, wordsIn } from "./words.js";
