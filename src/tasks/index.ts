// What can be learned from a table: the tasks, their rows, models, folders and results.
export { type Comparison, comparisonSchema, type ModelResult, nameOf, type SearchFacts } from "./comparison.js";
export type { DecisionFigures, DecisionRequest, Decisions } from "./decisions.js";
export type {
  EpochPoint,
  Family,
  FamilyCandidate,
  FamilyEntry,
  FamilySettings,
  TaskRows,
  TextModel,
  Training,
  TrainingOptions,
  TrainingRows,
} from "./families/family.js";
export { type OpenTextModel, openTextModel } from "./open-text-model.js";
export { predictTexts } from "./predict-texts.js";
export { type LabelledTable, type LabelValue, leftOutMessage, readLabelled, rowsOf } from "./read-labelled.js";
export {
  type AnswerTally,
  answerTally,
  type GroupAnswers,
  type GroupScores,
  scoreGroups,
  smallGroup,
} from "./score-groups.js";
export { serveTableModel } from "./serve-model.js";
export type { Evaluation, MeasuredRows, RowDecider, RowsToMeasure, TableModel } from "./served-model.js";
export { fingerprintOf, type SplitFacts, type SplitOptions, type SplitRows, splitRows } from "./split-rows.js";
export type { Baseline, Measure, ReportFacts, ReportSections, ResultTable, Task, TaskOptions } from "./task.js";
export { isTaskName, type TaskEntry, type TaskName, type TaskRecogniser, taskNames, tasks } from "./tasks.js";
export {
  fingerprint,
  hashOf,
  readTrainingTexts,
  type TrainingTexts,
  textKey,
  writeTrainingTexts,
} from "./training-texts.js";
export { writeModel } from "./write-model.js";
