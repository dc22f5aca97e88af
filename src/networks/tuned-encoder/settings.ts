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

/** Texts that are read at most, each time with its pairs in a batch; of few rows each so often. */
const [mostReadings, readingsOfRow, fewestReadings] = [4000, 20, 256];

/** @param rows to learn from */
export function pairSettings(rows: number): PairSettings {
  const batchSize = 32;
  const readings = Math.min(mostReadings, Math.max(fewestReadings, readingsOfRow * rows));
  const env = (name: string, usual: number) => Number(process.env[name] ?? usual);
  return {
    lastLayer: lastLayerSettings(rows),
    training: {
      epochs: Math.max(1, Math.round((env("P_READ", 1) * readings) / (batchSize * Math.ceil(rows / batchSize)))),
      batchSize,
      optimizer: { name: "adamw", learningRate: env("P_LR", 1e-4), weightDecay: 0.01, clipNorm: 1 },
      warmupShare: 0.1,
      patience: 2,
    },
    rateScale: (depth) => env("P_SHARE", 0.9) ** (depth - 1),
  };
}
