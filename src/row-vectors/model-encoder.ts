// Vectors of rows from a trained network, or from a pretrained encoder.
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { tellFolder } from "../folders/index.js";
import {
  isGraphFolder,
  openUnitEncoder,
  openUnitGraph,
  readEncoder,
  readGraphEncoder,
} from "../networks/hugging-face/index.js";
import { unitRows } from "../networks/unit-rows.js";
import { openTextModel } from "../tasks/index.js";
import { openLanguageEncoder } from "../tasks/language/encoder.js";
import type { SourcedEncoder } from "./row-encoder.js";

/** An encoder in Hugging Face's layout, by its weights or as an ONNX file alone. @param name for people */
export async function openPretrainedEncoder(folder: string, threads: number, name = folder): Promise<SourcedEncoder> {
  if (isGraphFolder(folder)) {
    const model = readGraphEncoder(folder);
    return { ...(await openUnitGraph(model, threads)), ...toldOf(model, folder, name) };
  }
  const model = readEncoder(folder);
  return { ...openUnitEncoder(model, threads), ...toldOf(model, folder, name) };
}

function toldOf({ type, files }: { type: string; files: readonly string[] }, folder: string, name: string) {
  return { description: `the ${type} encoder ${name}`, source: { kind: "pretrained", folder, files } as const };
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
