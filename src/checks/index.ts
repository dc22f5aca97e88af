// What is wrong with a table, found before anything is trained.
export type { CheckedTables, SampledColumn } from "./checked-rows.js";
export { findProblems } from "./checks.js";
export type {
  Finding,
  FindingEffect,
  FindingExample,
  FindingKind,
  RowPlace,
} from "./finding.js";
export { type FindingsPage, findingsMark, renderFindings } from "./findings-page.js";
export { findLabelErrors, type LabelErrors, likelyErrors, rankLabels } from "./label-errors.js";
export { countLabels } from "./label-sets.js";
