// Figures of merit: pure functions on arrays of class indices, sets of labels, numbers and probabilities.
export { accuracy } from "./accuracy.js";
export { balancedAccuracy } from "./balanced-accuracy.js";
export { bestCut, type CoveragePoint, type Cut, coverageCurve } from "./best-cut.js";
export { bootstrapInterval } from "./bootstrap-interval.js";
export { type BootstrapOptions, bootstrapRows, percentileInterval, resampleRows } from "./bootstrap-rows.js";
export { brierScore } from "./brier-score.js";
export { calibrationError } from "./calibration-error.js";
export {
  type ClassRows,
  type CountedFigures,
  countedFigures,
  type ProbabilityFigures,
  probabilityFigures,
  type RankingFigures,
  rankingFigures,
} from "./class-figures.js";
export { type ClassIntervals, classIntervals } from "./class-intervals.js";
export { type ClassScores, classScores, macroF1, type PrecisionRecallF1 } from "./class-scores.js";
export { comparePaired, type PairedComparison, type PairedDifference, type PairedModel } from "./compare-paired.js";
export { conformalHalfWidth, coverage } from "./conformal.js";
export { confusionMatrix } from "./confusion-matrix.js";
export { fitThresholds, predictedLabels } from "./fit-thresholds.js";
export { frequentLabels } from "./frequent-labels.js";
export { shareDraws } from "./gamma-sample.js";
export { holm } from "./holm.js";
export { hypergeometricTail } from "./hypergeometric.js";
export { kendall } from "./kendall.js";
export { labelRanking } from "./label-ranking.js";
export { type GroupFigure, type LargestGap, largestGap } from "./largest-gap.js";
export { logLoss } from "./log-loss.js";
export { type MajorityBaseline, majorityBaseline } from "./majority-baseline.js";
export { matthewsCorrelation } from "./matthews.js";
export { mcnemar } from "./mcnemar.js";
export { crossFitMixture, type FittedMixture, fitMixture, mixLogProbabilities } from "./mixture.js";
export { type MultilabelIntervals, multilabelIntervals } from "./multilabel-intervals.js";
export { type MultilabelScores, multilabelScores } from "./multilabel-scores.js";
export { newcombeInterval } from "./newcombe-interval.js";
export { normalTail } from "./normal.js";
export { predictedClasses } from "./predicted-classes.js";
export { quantile } from "./quantile.js";
export { oneVersusRest, type RankingScores, rankingScores } from "./ranking.js";
export { type RegressionScores, regressionFigure, regressionIntervals, regressionScores } from "./regression-scores.js";
export { sameMeans } from "./same-means.js";
export { type GroupCounts, type PermutationOptions, permuted, sameShares } from "./same-shares.js";
export { type SignFlip, signFlip } from "./sign-flip.js";
export { spearman } from "./spearman.js";
export { fitTemperature, withTemperature } from "./temperature.js";
export { characterCount, type TextLoss, type TextTotals, textLoss } from "./text-loss.js";
export { topAccuracy } from "./top-accuracy.js";
export { type Interval, wilsonInterval } from "./wilson-interval.js";
