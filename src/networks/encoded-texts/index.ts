// Texts as token ids, as networks of every kind read them: batches of like length, and scoring.
export { type LengthBatch, lengthBatches, roundLength } from "./length-batches.js";
export { openTokenScorer, scoredLengths, type TokenScorer } from "./token-scorer.js";
