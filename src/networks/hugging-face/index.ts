// Models in Hugging Face's layout, read as our networks.

export { decoderTypes } from "./decoder-architectures.js";
export { encoderTypes } from "./encoder-architectures.js";
export { isHuggingFaceFolder } from "./folder.js";
export { type PretrainedDecoder, readDecoder } from "./read-decoder.js";
export { type Precision, type PretrainedEncoder, readEncoder } from "./read-encoder.js";
export { openUnitEncoder, type UnitEncodeOptions, type UnitEncoder } from "./unit-encoder.js";
export { isEightBitFolder, writeEightBitEncoder } from "./write-eight-bit.js";
