// Folders that Columnist writes: their kinds, reading with checksums, writing, and what may replace what.
export { checkOnce } from "./check-once.js";
export { factsName, tellFolder, unknownFamily } from "./facts-file.js";
export { checkFolderOut, originOf } from "./folder-out.js";
export { factText } from "./kinds/folder-kind.js";
export { runPlace } from "./kinds/unfinished-run.js";
export { allKinds, type FactsOf, type Kind, kinds, type OwnFacts } from "./kinds.js";
export { fileNames, type ModelFiles, mostMembers, readModelFiles, writeModelFiles } from "./model-files.js";
export {
  checkFolder,
  type Folder,
  filePath,
  hasFile,
  inFile,
  inFolder,
  openFolder,
  readFile,
  whileChecking,
  wrongModel,
} from "./read-folder.js";
export {
  addFile,
  bytesOfFiles,
  changeFacts,
  copyFiles,
  copyPart,
  type WriteFolderOptions,
  writeFolder,
  writeOpenFacts,
  writePart,
} from "./write-folder.js";
