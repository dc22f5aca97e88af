// Held-out evaluation, the comparison of models, and the report.
export { type Comparison, comparisonSchema, type ModelResult, type Scores } from "./comparison.js";
export { type Mistake, worstMistakes } from "./mistakes.js";
export { pickWinner } from "./pick-winner.js";
export { renderPretrainingReport } from "./report/render-pretraining-report.js";
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
export { type ScoredText, type TextScorer, textScorer } from "./score-texts.js";
