// Whether a model treats groups of people alike: figures by groups of rows, answers when words are swapped, and associations of words
// and sentences.
export type { AuditedAnswers, LabelAnswers, NumberAnswers } from "./answers.js";
export { type Association, type AssociationAudit, auditAssociations, type WordForm } from "./associations.js";
export { augmented } from "./augment.js";
export {
  type AuditFigure,
  auditByGroups,
  type ColumnAudit,
  type GroupFigures,
  type LabelFigures,
} from "./by-groups.js";
export { auditBySwaps, type Flips, type GroupSwap, type Moved, type SwapAudit, type WordSwap } from "./by-swaps.js";
export { type AuditedColumn, divideRows } from "./divide-rows.js";
export type { Gap, GapMeasure, PairOfGroups } from "./gap.js";
export { type AssociationTest, associationTests, type WordSet } from "./lists/word-sets.js";
export { type AuditPage, renderAudit } from "./page.js";
export {
  type PronounAudit,
  type PronounScore,
  pronounPairs,
  type StereotypeScore,
  scorePronouns,
  scoreStereotypes,
} from "./sentence-scores.js";
export {
  associationLead,
  gapLead,
  pronounLead,
  sentenceOf,
  showProbability,
  stereotypeLead,
  swapLead,
} from "./sentences.js";
export { isSwapList, parseSwapList, type SwapList, type SwapTerm, swapLists } from "./swap-list.js";
export type { SwapAnswers, SwapModel } from "./swap-shifts.js";
export { type SwapHit, type Swapper, swapperOf } from "./swap-text.js";
