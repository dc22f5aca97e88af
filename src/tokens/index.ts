// Token ids on disk and batches of them.
export { seededPermutation } from "./permutation.js";
export {
  type BatchPlan,
  evenBlocks,
  type MaskPlan,
  maskBatch,
  maskedBatches,
  parallelStreams,
  shuffledBlocks,
  type TokenBatch,
  type TokenBatches,
} from "./token-batches.js";
export {
  openTokenFile,
  openTokenWriter,
  type TokenFile,
  type TokenSource,
  type TokenWriter,
  tokenSource,
} from "./token-file.js";
export { tokenSlice } from "./token-slice.js";
