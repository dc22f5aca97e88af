// Why a text model answered as it did: each word's share of a decision, and how far such shares can be trusted.
export { type DrivingTally, type DrivingTerm, type DrivingTerms, tallyDrivingWords } from "./driving-words.js";
export {
  type ExplainerOptions,
  type Explanation,
  type OpenExplainer,
  openExplainer,
  type WordShare,
} from "./explain-rows.js";
export { type ExplanationsPage, renderExplanations } from "./explanation-page.js";
export { keepTrust, readTrust } from "./kept-trust.js";
export type { Measured } from "./measured.js";
export type { Shares, WordAttention } from "./method.js";
export { type MethodName, methodNames, methods } from "./methods.js";
export { type NearRow, nearest, similarities } from "./nearest-rows.js";
export { smallestChange } from "./smallest-change.js";
export { measureTrust, type Trust } from "./trust.js";
export { trustSentences } from "./trust-sentences.js";
export { type Span, wordsIn } from "./words.js";
