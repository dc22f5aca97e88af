// Language models: the families, what they have in common, and the model folder.
export type { Decoder } from "../../generate/index.js";
export type { ModelFiles } from "../model-files.js";
export { type FamilyEntry, type FamilyName, families, familyNames, isFamilyName } from "./families.js";
export type { LanguageModel, LanguageModelFamily } from "./language-model.js";
export type { NetworkShape, NetworkWeights } from "./network/index.js";
export { networkDecoder, networkFiles, networkLanguageModel, readNetwork } from "./network-family.js";
export {
  distribution,
  type NgramLevel,
  type NgramModel,
  type NgramOptions,
  ngramCounts,
  trainNgram,
} from "./ngram/index.js";
export { ngramFiles, ngramLanguageModel } from "./ngram-family.js";
export { type PretrainedNetwork, readLanguageModel, readPretrainedNetwork } from "./read-folder.js";
