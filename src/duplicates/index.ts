// Duplicate rows.
export { comparedText, similarity } from "./compared-text.js";
export {
  type DuplicateKind,
  type DuplicateOptions,
  type Duplicates,
  findDuplicates,
  type SameMeaning,
} from "./find-duplicates.js";
