// Vectors of rows from a trained network, or from a pretrained encoder.
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { tellFolder } from "../folders/index.js";
import { openTextEncoder } from "../networks/encoders/index.js";
import { readEncoder } from "../networks/hugging-face/index.js";
import { openTextModel } from "../tasks/index.js";
import { openLanguageEncoder } from "../tasks/language/encoder.js";
import type { SourcedEncoder } from "./row-encoder.js";

/** An encoder in Hugging Face's layout. */
export async function openPretrainedEncoder(folder: string, threads: number): Promise<SourcedEncoder> {
  const { type, prompts, files, ...model } = readEncoder(folder);
  const { dim, encode, close } = openTextEncoder(model, threads);
  return {
    dim,
    description: `the ${type} encoder ${folder}`,
    async encode(texts, { purpose, ...watch } = {}) {
      const { usual, query = usual, document = usual } = prompts;
      const prompt = purpose === undefined ? usual : purpose === "question" ? query : document;
      const { vectors } = await encode(prompt === "" ? texts : texts.map((text) => prompt + text), watch);
      return unitRows(vectors, texts.length, dim);
    },
    source: { kind: "pretrained", folder, files },
    close,
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

function unitRows(vectors: Float32Array, rows: number, dim: number) {
  const known = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    let square = 0;
    for (let d = 0; d < dim; d++) square += vectors[row * dim + d] ** 2;
    if (square < 1e-18) continue;
    const scale = 1 / Math.sqrt(square);
    for (let d = 0; d < dim; d++) vectors[row * dim + d] *= scale;
    known[row] = 1;
  }
  return { vectors, known };
}
