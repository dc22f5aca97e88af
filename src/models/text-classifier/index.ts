// Text classifiers: the families, what they have in common, and the model folder.
export { type FamilyEntry, type FamilyName, families, familyNames, isFamilyName } from "./families.js";
export type {
  ClassifierFamily,
  EpochPoint,
  LabelledRows,
  TrainedClassifier,
  Training,
  TrainingOptions,
  TrainingRows,
} from "./family.js";
export { readModelFolder } from "./read-folder.js";
export { readTrainingTexts, type TrainingTexts, textKey, writeTrainingTexts } from "./training-texts.js";
