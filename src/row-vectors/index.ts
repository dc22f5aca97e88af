// Vectors of rows: from vectors of words, or from a trained network.
export { vectorsPath } from "./find-vectors.js";
export { openVectors } from "./open-vectors.js";
export {
  modelEncoder,
  openRowEncoder,
  type RowEncoder,
  type RowEncoderOptions,
  type SourcedEncoder,
  sifEncoder,
} from "./row-encoder.js";
export { encodeRows, fitSif, type Sif, type SifOptions } from "./sif.js";
