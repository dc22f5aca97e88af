// What can be written in fewer bits: one table. A kind's code is loaded when it is used.
import { UserError } from "../../base/errors.js";
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
};

/** @throws UserError for what is no model, and for a kind that is not in the table */
export async function quantizerOf(name: string): Promise<{ path: string; quantizer: Quantizer }> {
  const kind = tellFolder(name)?.kind;
  if (kind === "text-model") return { path: name, quantizer: await quantizers[kind]() };
  if (kind !== undefined) throw notTaken(name);
  const { path } = findModel(name);
  if (isGguf(path) || writesTexts(path)) throw notTaken(name);
  return { path, quantizer: await quantizers.encoder() };
}

function notTaken(name: string): UserError {
  return new UserError(
    `'${name}' cannot be written in fewer bits: columnist quantize takes pretrained encoders, and models that columnist train ` +
      "made from one.",
  );
}
