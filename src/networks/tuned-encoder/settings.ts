// How a pretrained encoder is tuned, by the size of the data.
import type { NetworkTraining } from "../train-network.js";
import type { LowRank } from "./low-rank.js";

type Settings = Omit<NetworkTraining, "seed" | "threads">;

export interface TuningSettings {
  /** Of what the last layer reads. */
  dropout: number;
  lowRank?: LowRank;
  lastLayer: Settings;
  training: Settings;
  rateScale(depthBelow: number): number;
}

/** Steps of the last layer alone, on vectors that are computed once; with few rows not too many epochs. */
const [lastLayerSteps, lastLayerEpochs] = [1000, 60];
/** Below, small batches and more epochs: a few hundred steps in all. */
const fewRows = 1000;
/** Tokens that a training reads at most, where that is more than two epochs. */
const mostTokens = 4e6;

/**
 * First the last layer alone learns to read what the encoder gives: random numbers above would spoil what is below
 * (A. Kumar et al. 2022, arXiv:2202.10054). Then all of it, every level by a share of the rate of the one above (J. Howard,
 * S. Ruder 2018, arXiv:1801.06146).
 *
 * @param width - numbers of an answer: the more, the more steps
 */
export function tuningSettings(
  tune: "full" | "lora",
  { rows, tokens, width }: { rows: number; tokens: number; width: number },
): TuningSettings {
  const isSmall = rows < fewRows;
  const batchSize = isSmall ? 8 : 32;
  const isLowRank = tune === "lora";
  const full = isSmall ? 5e-5 : 1e-4;
  const learningRate = isLowRank ? 10 * full : full;
  const levelShare = isLowRank ? 1 : 0.9;
  const enough = (isSmall ? 6 : 2) + (isLowRank ? 1 : 0) + Math.min(3, Math.floor(width / 20));
  const affordable = Math.max(2, Math.floor(mostTokens / Math.max(1, tokens)));
  return {
    dropout: 0.1,
    ...(isLowRank && { lowRank: { rank: 8, alpha: 16 } }),
    lastLayer: lastLayerSettings(rows),
    training: {
      epochs: Math.min(enough, affordable),
      batchSize,
      optimizer: { name: "adamw", learningRate, weightDecay: 0.01, clipNorm: 1 },
      warmupShare: 0.1,
      // The epochs are few, and the rate falls to nothing in the last of them.
      patience: Infinity,
    },
    rateScale: (depth) => (depth === 0 ? 1 : levelShare ** (depth - 1)),
  };
}

/** Of the last layer alone. */
function lastLayerSettings(rows: number): Settings {
  return {
    epochs: Math.max(1, Math.min(lastLayerEpochs, Math.ceil((lastLayerSteps * 32) / rows))),
    batchSize: 32,
    optimizer: { name: "adam", learningRate: 3e-3, clipNorm: 1 },
    warmupShare: 0.05,
    patience: Infinity,
  };
}

export type PairSettings = Pick<TuningSettings, "lastLayer" | "training" | "rateScale">;

/** Texts that are read at most; of few rows each so often. Half as often, 48 questions were told apart worse by 4 points. */
const [mostReadings, readingsOfRow] = [8000, 20];

/** @param rows to learn from */
export function pairSettings(rows: number): PairSettings {
  const batchSize = rows > 32 ? 32 : 16;
  const readings = Math.min(mostReadings, readingsOfRow * rows);
  return {
    lastLayer: lastLayerSettings(rows),
    training: {
      epochs: Math.max(1, Math.round(readings / (batchSize * Math.ceil(rows / batchSize)))),
      batchSize,
      // Each batch has eight times the pairs that SetFit takes from as many texts, so steps can be longer than its 2e-5.
      optimizer: { name: "adamw", learningRate: 1e-4, weightDecay: 0.01, clipNorm: 1 },
      warmupShare: 0.1,
      patience: 2,
    },
    rateScale: (depth) => 0.9 ** (depth - 1),
  };
}
