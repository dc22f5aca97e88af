// Sizes and training settings from the data's own size. Every number was chosen on training rows of several data sets.
import type { LanguageNetworkShape as BodyShape } from "../language/index.js";
import type { NetworkTraining } from "../train-network.js";
import type { WordNetworkName, WordNetworkShape } from "./architectures.js";

export function defaultShape(
  family: WordNetworkName,
  data: { vocabSize: number; width: number; maxLength: number },
): WordNetworkShape {
  const common = { family, ...data, blocks: 0, heads: 1 };
  if (family === "cnn") return { ...common, embeddingDim: 128, hidden: 100, dropout: 0.5, inputDropout: 0.2 };
  if (family === "lstm") return { ...common, embeddingDim: 128, hidden: 96, dropout: 0.5, inputDropout: 0.3 };
  return { ...common, embeddingDim: 128, hidden: 256, blocks: 2, heads: 4, dropout: 0.3, inputDropout: 0.2 };
}

/** Tokens of a text that are read at most. Attention's cost grows with the square of the length. */
export const longestText: Record<WordNetworkName, number> = { cnn: 256, lstm: 256, transformer: 128 };

/** Tokens that a training reads at most, where that is more than a few epochs: minutes on two cores. */
const mostTokens = 4e6;
const fewestEpochs = 3;
/**
 * Steps of a whole training, in which the learning rate falls to nothing: the more answers, the longer networks go on
 * getting better. Two classes of reviews were best after 6 epochs, six of questions after 15.
 */
const stepsFor = (width: number) => 500 + 100 * width;

const learningRates: Record<WordNetworkName, number> = { cnn: 1e-3, lstm: 2e-3, transformer: 5e-4 };

export function defaultTraining(
  family: WordNetworkName,
  { rows, tokens, width }: { rows: number; tokens: number; width: number },
): Omit<NetworkTraining, "seed" | "threads"> {
  const learningRate = learningRates[family];
  const batchSize = rows < 4000 || family === "lstm" ? 32 : 64;
  return {
    epochs: epochsFor({ rows, tokens, width }, batchSize, rows < 2000 ? 30 : 15, 1),
    batchSize,
    optimizer: { name: "adam", learningRate, clipNorm: 1 },
    warmupShare: family === "transformer" ? 0.1 : 0.02,
    patience: 4,
  };
}

/** Steps and epochs of the last layer alone. */
const lastLayerSteps = 300;
const lastLayerEpochs = 30;

/**
 * How a pretrained body is fine-tuned. First the last layer alone learns to read it as it is: random numbers above would
 * spoil what is below (A. Kumar et al. 2022, arXiv:2202.10054). Then all of it, every level below the last layer by a share
 * of the rate of the one above.
 */
export function fineTuning({ family }: BodyShape, data: { rows: number; tokens: number; width: number }) {
  const levelShare = 0.8;
  const batchSize = data.rows < 1000 ? 16 : 32;
  return {
    dropout: 0.3,
    bodyDropout: family === "lstm" ? 0.3 : 0.1,
    lastLayer: {
      epochs: Math.max(1, Math.min(lastLayerEpochs, Math.ceil((lastLayerSteps * batchSize) / data.rows))),
      batchSize,
      optimizer: { name: "adam", learningRate: 3e-3, clipNorm: 1 },
      warmupShare: 0.05,
      patience: Infinity,
    } satisfies Partial<NetworkTraining>,
    rateScale: (depthBelow: number) => (depthBelow === 0 ? 2 : levelShare ** (depthBelow - 1)),
    training: {
      epochs: epochsFor(data, batchSize, 20, 0.5),
      batchSize,
      optimizer: { name: "adam", learningRate: 5e-4, clipNorm: 1 },
      warmupShare: 0.1,
      // The epochs are few, and some 200 validation rows may call the second one best: 60 % where the last had 67.
      patience: Infinity,
    } satisfies Partial<NetworkTraining>,
  };
}

/** @param share of the steps that a network from random numbers takes: 2,000 rows were best read 6 times, not 13 */
function epochsFor(
  data: { rows: number; tokens: number; width: number },
  batchSize: number,
  most: number,
  share: number,
): number {
  const wanted = Math.ceil((share * stepsFor(Math.max(2, data.width)) * batchSize) / data.rows);
  const affordable = Math.floor(mostTokens / Math.max(1, data.tokens));
  return Math.max(fewestEpochs, Math.min(wanted, affordable, most));
}
