// Whether a model treats groups of people alike: figures by groups of rows, answers when words are swapped, and associations of words
// and sentences.
export type { AuditedAnswers, LabelAnswers, NumberAnswers } from "./answers.js";
export {
  type AuditFigure,
  auditByGroups,
  type ColumnAudit,
  type GroupFigures,
  type LabelFigures,
} from "./by-groups.js";
export { type AuditedColumn, divideRows } from "./divide-rows.js";
export type { Gap, GapMeasure, PairOfGroups } from "./gap.js";
export { type AuditPage, renderAudit } from "./page.js";
export { gapLead, sentenceOf, showProbability } from "./sentences.js";
