// What every language model can do, whatever its family. Knows no family, no files and no tables.

import type { WorkflowWatch } from "../../base/watch.js";
import type { ModelFiles } from "../../folders/model-files.js";
import type { Decoder } from "../../generate/index.js";
import type { AnswerScorer, DecoderPrecision } from "../../networks/language/index.js";
import type { ChatTemplate } from "../../text/chat/index.js";
import type { Tokenizer } from "../../text/tokenizers/index.js";
import type { TokenSource } from "../../tokens/index.js";
import type { RunLength, UnfinishedRun } from "../../train/index.js";
import type { LanguageTrainingSettings } from "./training/options.js";

export interface OpenLanguageModelOptions {
  /** Threads that compute. */
  threads: number;
  /** Of the products' weights. Default: as the model's files have them. */
  precision?: DecoderPrecision;
}

/** A trained model, ready to score texts. `close()` frees its memory outside of JavaScript. */
export interface LanguageModel {
  readonly family: string;
  readonly tokenizer: Tokenizer;
  /** Ids are in [0, vocabSize). */
  readonly vocabSize: number;
  /** Number of parameters. */
  readonly parameters: number;
  /** How texts are written by it, where others have trained it. */
  readonly writing?: WritingHabits;
  /** Maximum number of tokens that a prediction can depend on; undefined if a state carries all earlier tokens. */
  readonly contextLength?: number;
  /**
   * For each text, the natural logarithm of the probability of each token given those before it in the same text,
   * the first one given the start of a text. The end of a text is not scored. Texts longer than `contextLength` are
   * scored too, each token with as much preceding text as the model takes.
   *
   * @throws UserError for an id that is not in the vocabulary
   */
  logProbabilities(batch: readonly Int32Array[]): Promise<Float32Array[]>;
  /** Operations of `logProbabilities`, counted; left out by models that are no networks. */
  flops?(batch: readonly Int32Array[]): number;
  /** For generation; absent if the model predicts masked tokens instead of next ones. Close it before the model. */
  openDecoder?(): Promise<Decoder>;
  /**
   * How probable each of the answers is behind prompts, of which all or most begin with `beginning`. Close it before the model.
   *
   * @throws UserError for an answer without tokens, or with more than are read at once
   */
  openAnswerScorer?(beginning: Int32Array, answers: readonly Int32Array[]): Promise<AnswerScorer>;
  close(): Promise<void>;
}

/** How the texts begin and end that others have trained a model on. */
export interface WritingHabits {
  /** Stands before a prompt. */
  before: readonly number[];
  /** Each of them ends a text. */
  endIds: readonly number[];
  /** How a conversation becomes a text, for models that learned to answer. */
  chat?: ChatTemplate;
}

/** What a language model learns from. */
export interface TrainingTokens {
  tokenizer: LanguageModel["tokenizer"];
  training: TokenSource;
  /** Held out. */
  validation: TokenSource;
}

/** The work around the training of a language model. */
export interface LanguageTraining {
  /** Where checkpoints are kept, and what was decided about its length. Training goes on from there. */
  run: UnfinishedRun<RunLength>;
  seed: number;
  threads: number;
}

/** Where a run was evaluated; the last step is a point too. */
export interface HistoryPoint {
  step: number;
  /** Mean over the steps since the point before, in nats a token. */
  trainingLoss: number;
  /** Where it was measured. */
  validationLoss?: number;
  /** Of training alone, since the beginning. */
  seconds: number;
  /** Some text from the model as it was then. */
  sample?: string;
}

/** What training gives, whatever the family. */
export interface TrainedLanguageModel {
  files: ModelFiles;
  parameters: number;
  /** What stands among the options in the folder, besides the seed. */
  options: Record<string, unknown>;
  /** Of validation tokens, in nats. */
  loss?: number;
  /** For networks. */
  steps?: number;
  tokens: number;
  seconds: number;
  history: HistoryPoint[];
}

export interface LanguageModelFamily {
  /**
   * Trains to the end, and measures the loss of the validation tokens.
   *
   * @throws UserError for settings that do not fit together, or too few tokens; CancelledError after an abort
   */
  train(
    tokens: TrainingTokens,
    settings: LanguageTrainingSettings,
    training: LanguageTraining,
    watch?: WorkflowWatch,
  ): Promise<TrainedLanguageModel>;
  /** @throws UserError when the files do not belong to such a model, or it has no such precision */
  load(files: ModelFiles, tokenizer: Tokenizer, options: OpenLanguageModelOptions): Promise<LanguageModel>;
}
