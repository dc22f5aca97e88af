// The model folder: what is the same in it for every task.
export {
  commonFacts,
  factText,
  folderVersion,
  inFolder,
  isModelFolder,
  readFolderFacts,
  type Task,
  taskOf,
  unknownFamily,
} from "./facts.js";
export {
  checkThere,
  fileNames,
  inFile,
  isOwnFile,
  type ModelFiles,
  parseJson,
  readModelFiles,
  writeModelFiles,
} from "./files.js";
