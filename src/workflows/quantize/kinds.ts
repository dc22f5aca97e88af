// What can be written in fewer bits: one table. A kind's code is loaded when it is used.
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { tellFolder } from "../../folders/index.js";
import { findModel } from "../../hub/index.js";
import { isGguf, writesTexts } from "../../networks/hugging-face/folder.js";

export interface QuantizedModel {
  /** What it is, in words: "a bert encoder". */
  description: string;
  parameters: number;
  /** Of all files. */
  bytes: { before: number; after: number };
}

export interface QuantizeTarget {
  out: string;
  bits: number;
  overwrite: boolean;
}

export interface Quantizer {
  /** What `bits` may be. */
  bits: readonly number[];
  /** Checks that `out` may be written, and writes it whole. */
  quantize(path: string, target: QuantizeTarget): Promise<QuantizedModel>;
}

const quantizers = {
  "text-model": async (): Promise<Quantizer> => (await import("./text-model.js")).textModelQuantizer,
  encoder: async (): Promise<Quantizer> => (await import("./encoder.js")).encoderQuantizer,
  decoder: async (): Promise<Quantizer> => (await import("./decoder.js")).decoderQuantizer,
};

/** @throws UserError for what is no model, and for a kind that is not in the table */
export async function quantizerOf(name: string): Promise<{ path: string; quantizer: Quantizer }> {
  const kind = tellFolder(name)?.kind;
  if (kind === "text-model") return { path: name, quantizer: await quantizers[kind]() };
  const opened = `it is opened in fewer bits with ${option("precision")} int4 or int8.`;
  if (kind === "language-model")
    throw notTaken(name, `A language model of columnist pretrain stays as it is; ${opened}`);
  if (kind !== undefined) throw notTaken(name);
  const { path } = findModel(name);
  if (isGguf(path))
    throw notTaken(name, `A GGUF file is written in fewer bits by llama.cpp's llama-quantize; ${opened}`);
  return { path, quantizer: await quantizers[writesTexts(path) ? "decoder" : "encoder"]() };
}

function notTaken(name: string, instead = ""): UserError {
  return new UserError(
    `'${name}' cannot be written in fewer bits: columnist quantize takes pretrained encoders and decoders in Hugging Face's layout, ` +
      `and models that columnist train made from an encoder. ${instead}`.trimEnd(),
  );
}
