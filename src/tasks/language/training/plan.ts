// What a run will be: the network's shape, its batches and rates, from the options and the size of the corpus.
import { UserError } from "../../../base/errors.js";
import { option } from "../../../base/option.js";
import {
  type LanguageNetworkShape,
  type LstmShape,
  longestContext,
  type TransformerShape,
} from "../../../networks/language/index.js";
import type { OptimizerOptions } from "../../../optim/index.js";
import type { LanguageTrainingSettings } from "./options.js";

export interface RunPlan {
  shape: LanguageNetworkShape;
  sequences: number;
  optimizer: OptimizerOptions;
  labelSmoothing: number;
  /** Token vectors begin as what their neighbours in the text tell of them, or as small random numbers. */
  start: "svd" | "random";
  /** Share of the learning rate that moves the token vectors. */
  tokenRateScale: number;
}

/**
 * Moved by the whole rate, vectors from svd are soon those of any language model: after 500 of 2,500 steps their cosine
 * with the first ones was 0.36, and a linear classifier of reviews by their mean had lost all 5 points. By a third it was
 * 0.90 after 850 steps, the points were there, and the language model's loss was no higher.
 */
const svdRateScale = 0.3;
/** With fewer steps a network has hardly learned anything. */
const fewSteps = 50;
/** Numbers of a vector are what so many times as many tokens tell apart. */
const tokensPerDimension = 4;

interface Size {
  layers: number;
  width: number;
  heads: number;
  context: number;
  batchTokens: number;
}

/** Transformers of about 1, 10 and 40 million parameters (vocabularies of 1,000, 16,000 and 32,000). */
const sizes: Record<"tiny" | "small" | "base", Size> = {
  tiny: { layers: 4, width: 128, heads: 4, context: 128, batchTokens: 2048 },
  small: { layers: 6, width: 256, heads: 4, context: 256, batchTokens: 4096 },
  base: { layers: 8, width: 512, heads: 8, context: 512, batchTokens: 16384 },
};

/** @throws UserError for options that do not fit together */
export function planRun(
  family: LanguageNetworkShape["family"],
  settings: LanguageTrainingSettings,
  corpus: { vocabSize: number; tokens: number },
): RunPlan {
  const size = sizes[settings.size ?? (corpus.tokens < 4e6 ? "tiny" : "small")];
  const layers = settings.layers ?? (family === "lstm" ? 2 : size.layers);
  const width = settings.hidden ?? size.width;
  const context = settings.context ?? (family === "lstm" ? Math.min(size.context, 96) : size.context);
  const batchTokens = settings.batchTokens ?? size.batchTokens;
  const dropout = settings.dropout ?? 0;
  const common = { vocabSize: corpus.vocabSize, contextLength: context, layers, width, dropout };
  const shape =
    family === "lstm"
      ? lstmShape(settings, common)
      : transformerShape(settings, common, settings.heads ?? headsFor(width, size.heads));
  const longest = longestContext(shape.family === "transformer" ? shape.heads : undefined);
  if (context > longest)
    throw new UserError(
      `${option("context")} ${context} is more than a network can read at once: ${longest.toLocaleString("en")} tokens at most.`,
    );
  const start = settings.start ?? (corpus.vocabSize >= tokensPerDimension * width ? "svd" : "random");
  return {
    shape,
    start,
    tokenRateScale: start === "svd" ? svdRateScale : 1,
    sequences: Math.max(1, Math.round(batchTokens / context)),
    optimizer: optimizerOf(family, settings),
    labelSmoothing: settings.labelSmoothing ?? 0,
  };
}

type Common = Pick<LanguageNetworkShape, "vocabSize" | "contextLength" | "layers" | "width" | "dropout">;

function transformerShape(settings: LanguageTrainingSettings, common: Common, heads: number): TransformerShape {
  const { width } = common;
  if (width % heads !== 0)
    throw new UserError(
      `${option("heads")} ${heads} does not divide the width ${width}. Choose a number that divides it.`,
    );
  const base = { family: "transformer" as const, objective: settings.objective, ...common, heads };
  const plain = { keyValueHeads: heads, queryKeyNorm: false };
  switch (settings.arrangement) {
    case "gpt2":
      return {
        ...base,
        ...plain,
        feedForwardSize: 4 * width,
        feedForward: "gelu",
        norm: "layer",
        positions: "learned",
        useBias: true,
      };
    case "llama":
      return {
        ...base,
        ...plain,
        // Two thirds of 4 · width, as its gate is a third product; a multiple of 16.
        feedForwardSize: 16 * Math.round((8 * width) / 3 / 16),
        feedForward: "swiglu",
        norm: "rms",
        positions: "rotary",
        useBias: false,
      };
    case "modern":
      return {
        ...base,
        keyValueHeads: heads,
        queryKeyNorm: true,
        feedForwardSize: 4 * width,
        feedForward: "squaredRelu",
        norm: "rms",
        positions: "rotary",
        useBias: false,
      };
  }
}

function lstmShape(settings: LanguageTrainingSettings, common: Common): LstmShape {
  if (settings.objective === "masked")
    throw new UserError(
      `${option("objective")} masked needs ${option("model")} transformer: an LSTM reads from left to right only.`,
    );
  const { width, dropout } = common;
  return {
    family: "lstm",
    objective: "next-token",
    ...common,
    hidden: 2 * width,
    weightDropout: dropout,
  };
}

/** The largest number of heads up to `wanted` that leaves heads of an even width. */
function headsFor(width: number, wanted: number): number {
  for (let heads = wanted; heads > 1; heads--) if (width % (2 * heads) === 0) return heads;
  return 1;
}

function optimizerOf(
  family: LanguageNetworkShape["family"],
  { optimizer, learningRate }: LanguageTrainingSettings,
): OptimizerOptions {
  const common = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, clipNorm: 1 };
  // An LSTM has no hidden matrices in Muon's sense.
  if (optimizer === "adamw" || family === "lstm")
    return { name: "adamw", ...common, learningRate: learningRate ?? 3e-3, weightDecay: 0.1 };
  return {
    name: "muon",
    ...common,
    learningRate: learningRate ?? 3e-3,
    matrixLearningRate: 0.02,
    momentum: 0.95,
    weightDecay: 0.1,
  };
}

/** What a user should know of a plan with hardly any steps. */
export function fewStepsWarning(steps: number, budget: number): string | undefined {
  if (steps >= fewSteps) return undefined;
  return (
    `Only ${steps === 1 ? "1 step fits" : `${steps} steps fit`} into ${Math.round(budget)} seconds: such a model will have ` +
    `hardly learned anything.\nUse a longer ${option("budget")}, or a smaller ${option("size")} or ` +
    `${option("batchTokens")}.`
  );
}
