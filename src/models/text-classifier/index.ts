// Text classifiers: the families, what they have in common, and the model folder.
export { type FamilyEntry, type FamilyName, families, familyNames, isFamilyName } from "./families.js";
export type {
  ClassifierFamily,
  EpochPoint,
  LabelledRows,
  ModelFiles,
  TrainedClassifier,
  Training,
  TrainingOptions,
  TrainingRows,
} from "./family.js";
export { type FolderFacts, folderVersion } from "./folder-facts.js";
export { isModelFolder, parseJson, readFacts, readModelFolder } from "./read-folder.js";
export { writeModelFiles } from "./write-folder.js";
