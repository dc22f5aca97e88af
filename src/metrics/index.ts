// Figures of merit: pure functions on arrays of class indices and probabilities.
export { accuracy } from "./accuracy.js";
export { type BootstrapOptions, bootstrapInterval, quantile } from "./bootstrap-interval.js";
export { brierScore } from "./brier-score.js";
export { calibrationError } from "./calibration-error.js";
export { type ClassScores, classScores, macroF1, type PrecisionRecallF1 } from "./class-scores.js";
export { confusionMatrix } from "./confusion-matrix.js";
export { logLoss } from "./log-loss.js";
export { type MajorityBaseline, majorityBaseline } from "./majority-baseline.js";
export { crossFitMixture, type FittedMixture, fitMixture, mixLogProbabilities } from "./mixture.js";
export { predictedClasses } from "./predicted-classes.js";
export { spearman } from "./spearman.js";
export { characterCount, type TextLoss, type TextTotals, textLoss } from "./text-loss.js";
export { type Interval, wilsonInterval } from "./wilson-interval.js";
