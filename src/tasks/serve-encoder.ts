// A pretrained encoder for a program: vectors of texts, as its folder says they are made.
import { openTextEncoder } from "../networks/encoders/index.js";
import { readEncoder } from "../networks/hugging-face/index.js";
import type { ServedModel } from "./served-model.js";

/** Zeros for a text without tokens. */
export interface TextVector {
  vector: Float32Array;
}

export async function serveEncoder(folder: string, threads: number): Promise<ServedModel> {
  const model = readEncoder(folder);
  const { usual } = model.prompts;
  const { dim, encode, close } = openTextEncoder(model, threads);
  const vectorsOf = async (texts: readonly string[]) => (await encode(texts.map((text) => usual + text))).vectors;
  return {
    task: "encode",
    output: `a vector of ${dim} numbers`,
    textColumns: [],
    async answer(texts): Promise<TextVector[]> {
      const vectors = await vectorsOf(texts);
      return texts.map((_, row) => ({ vector: vectors.slice(row * dim, (row + 1) * dim) }));
    },
    encode: async (texts) => ({ dim, vectors: await vectorsOf(texts) }),
    close,
  };
}
