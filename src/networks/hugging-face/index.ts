// Models in Hugging Face's layout, read as our networks.

export { decoderTypes } from "./decoder-architectures.js";
export { encoderTypes } from "./encoder-architectures.js";
export { isHuggingFaceFolder } from "./folder.js";
export { checkLayoutOut, type LayoutRule, writeLayout } from "./layout-out.js";
export { type PretrainedDecoder, readDecoder } from "./read-decoder.js";
export { type Precision, type PretrainedEncoder, readEncoder } from "./read-encoder.js";
export { isGraphFolder, type PretrainedGraph, readGraphEncoder } from "./read-graph-encoder.js";
export { isStaticFolder, readStaticVectors } from "./static-vectors.js";
export { openUnitEncoder, openUnitGraph, type UnitEncodeOptions, type UnitEncoder } from "./unit-encoder.js";
export { type DecoderToWrite, writeDecoder } from "./write-decoder.js";
export { eightBitPapers, isEightBitFolder, writeEightBitEncoder } from "./write-eight-bit.js";
export { type EncoderToWrite, type WrittenEncoder, writeEncoder } from "./write-encoder.js";
export { decoderFiles, isPackedFolder, packedPapers, writePackedDecoder } from "./write-packed-decoder.js";
export { writeStaticVectors } from "./write-static-vectors.js";
