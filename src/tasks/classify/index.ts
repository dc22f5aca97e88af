// Text classifiers: the families, what they have in common, their folder, their results.
export { type ClassificationScores, type Comparison, comparisonSchema, type ModelResult } from "./comparison.js";
export {
  type ClassifierFamilyEntry,
  type ClassifierFamilyName,
  classifierFamilies,
  classifierFamilyNames,
  isClassifierFamilyName,
} from "./families.js";
export type {
  ClassifierFamily,
  EpochPoint,
  LabelledRows,
  TrainedClassifier,
  Training,
  TrainingOptions,
  TrainingRows,
} from "./family.js";
export { type Mistake, worstMistakes } from "./mistakes.js";
export { pickWinner } from "./pick-winner.js";
export { readClassifier } from "./read-folder.js";
export { renderReport } from "./report/render-report.js";
export { scoreAnswers } from "./score-answers.js";
export {
  type AnswerTally,
  answerTally,
  type GroupScores,
  type GroupShares,
  scoreGroups,
  smallGroup,
} from "./score-groups.js";
export { readTrainingTexts, type TrainingTexts, textKey, writeTrainingTexts } from "./training-texts.js";
