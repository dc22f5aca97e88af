// Language models: the families, what they have in common, and the model folder.

export type { ModelFiles } from "../../folders/model-files.js";
export type { Decoder } from "../../generate/index.js";
export type {
  AnswerScorer,
  DecoderPrecision,
  DecoderWeights,
  FloatWeight,
  LanguageNetworkShape,
  NetworkWeights,
} from "../../networks/language/index.js";
export {
  distribution,
  type NgramLevel,
  type NgramModel,
  type NgramOptions,
  ngramCounts,
  trainNgram,
} from "../../ngram/index.js";
export type { ChatTemplate } from "../../text/chat/render-chat.js";
export type { TokenSource } from "../../tokens/index.js";
export type { RunLength, UnfinishedRun } from "../../train/index.js";
export {
  isLanguageModelFamilyName,
  type LanguageModelFamilyEntry,
  type LanguageModelFamilyName,
  languageModelFamilies,
  languageModelFamilyNames,
} from "./families.js";
export type {
  HistoryPoint,
  LanguageModel,
  LanguageModelFamily,
  LanguageTraining,
  OpenLanguageModelOptions,
  TrainedLanguageModel,
  TrainingTokens,
  WritingHabits,
} from "./language-model.js";
export { networkDecoder, networkFiles, networkLanguageModel, readNetwork } from "./network-model.js";
export { ngramFiles, ngramLanguageModel } from "./ngram-model.js";
export { type OddRow, oddestTexts } from "./oddest-texts.js";
export { type OpenedLanguageModel, openLanguageModel, pretrainedPath } from "./open-language-model.js";
export { probabilityColumns, probabilityValues } from "./probability-columns.js";
export { type PretrainedNetwork, readLanguageModel, readPretrainedNetwork } from "./read-folder.js";
export { type ScoredText, type TextScorer, textScorer } from "./score-texts.js";
export type { LanguageTrainingSettings } from "./training/options.js";
