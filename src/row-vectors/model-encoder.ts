// Vectors of rows from a trained network, or from a pretrained encoder.
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import type { Watch } from "../base/progress.js";
import { copyFiles, tellFolder } from "../folders/index.js";
import {
  isGraphFolder,
  openUnitEncoder,
  openUnitGraph,
  readEncoder,
  readGraphEncoder,
  writeEightBitEncoder,
} from "../networks/hugging-face/index.js";
import { unitRows } from "../networks/unit-rows.js";
import { openTextModel } from "../tasks/index.js";
import { openLanguageEncoder } from "../tasks/language/encoder.js";
import { choosePrecision } from "./choose-precision.js";
import type { PretrainedOptions, SourcedEncoder } from "./row-encoder.js";

/** An encoder in Hugging Face's layout, by its weights or as an ONNX file alone. */
export async function openPretrainedEncoder(
  folder: string,
  { threads, name = folder, precision, texts = [] }: PretrainedOptions,
  watch: Watch = {},
): Promise<SourcedEncoder> {
  if (isGraphFolder(folder)) return openGraphEncoder(folder, { threads, name, precision });
  const read = readEncoder(folder, precision === "int8" ? "int8" : "float32");
  if (precision === "float32" && read.isStoredInEightBits)
    throw new UserError(
      `'${name}' has its weights in 8 bits, so it cannot be computed in float32. Omit ${option("precision")}, or specify the ` +
        "model that it was made from.",
    );
  const { model, open, note } =
    precision === "auto" && !read.quantized
      ? await choosePrecision(read, texts, threads, watch)
      : { model: read, open: openUnitEncoder(read, threads), note: "" };
  return {
    ...open,
    description: `the ${model.type} encoder ${name}${model.quantized ? " in 8 bits" : ""}${note}`,
    precision: model.quantized ? "int8" : "float32",
    source: {
      kind: "pretrained",
      copyTo(target) {
        if (model.quantized && !model.isStoredInEightBits) writeEightBitEncoder(model, folder, target);
        else copyFiles(folder, model.files, target);
      },
    },
  };
}

/** A stranger's graph is computed as it is. */
async function openGraphEncoder(
  folder: string,
  { threads, name, precision }: PretrainedOptions & { name: string },
): Promise<SourcedEncoder> {
  if (precision === "int8")
    throw new UserError(
      `'${name}' is an encoder as an ONNX file alone, which is computed as it is. Omit ${option("precision")}.`,
    );
  const model = readGraphEncoder(folder);
  return {
    ...(await openUnitGraph(model, threads)),
    description: `the ${model.type} encoder ${name}`,
    source: { kind: "pretrained", copyTo: (target) => copyFiles(folder, model.files, target) },
  };
}

/** A text model just before its last layer, a language model in its last states. */
export async function openModelEncoder(folder: string, threads: number): Promise<SourcedEncoder> {
  const { dim, encode, description, close } =
    tellFolder(folder)?.kind === "language-model"
      ? await languageModel(folder, threads)
      : await textModel(folder, threads);
  return {
    dim,
    description,
    encode: async (texts) => unitRows(await encode(texts), texts.length, dim),
    source: { kind: "model", folder },
    close,
  };
}

interface TextEncoder {
  dim: number;
  description: string;
  encode(texts: readonly string[]): Promise<Float32Array>;
  close(): Promise<void>;
}

async function textModel(folder: string, threads: number): Promise<TextEncoder> {
  const { model, facts } = await openTextModel(folder, { threads });
  const { encoder } = model;
  if (!encoder) {
    await model.close();
    throw new UserError(
      `The model '${folder}' is of the family ${facts.family}, which has no row vectors. Use a network ` +
        `(train ${option("model")} cnn) or word vectors.`,
    );
  }
  const { dim, encode } = encoder;
  return { dim, encode, description: `the ${facts.family} of ${folder}`, close: () => model.close() };
}

async function languageModel(folder: string, threads: number): Promise<TextEncoder> {
  return { ...(await openLanguageEncoder(folder, threads)), description: `the language model ${folder}` };
}
