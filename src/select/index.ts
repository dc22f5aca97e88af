// The search for the best model in a given time.
export { type Clock, wallClock } from "./clock.js";
export { crossFitted, type EnsembleProblem, selectEnsemble, weightedMean } from "./ensemble.js";
export { forecaster, type StageTime } from "./forecast.js";
export { type MoreRows, twiceTheRows } from "./learning-curve.js";
export { pickByFigure } from "./pick-by-figure.js";
export { type Candidate, type Run, type SearchOptions, type SearchOutcome, search } from "./search.js";
