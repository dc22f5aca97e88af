// A pretrained encoder for a program: vectors of texts, as its folder says they are made.
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { openGraphEncoder } from "../networks/encoders/graph-encoder.js";
import { openTextEncoder, parameterCount, type TextEncoder } from "../networks/encoders/index.js";
import { isGraphFolder, isStaticFolder, readEncoder, readGraphEncoder } from "../networks/hugging-face/index.js";
import type { ServedModel } from "./served-model.js";

/** Zeros for a text without tokens. */
export interface TextVector {
  vector: Float32Array;
}

export async function serveEncoder(folder: string, threads: number): Promise<ServedModel> {
  const { usual, dim, encode, flops, parameters, close } = await openEncoder(folder, threads);
  const vectorsOf = async (texts: readonly string[]) => (await encode(texts.map((text) => usual + text))).vectors;
  return {
    task: "encode",
    output: `a vector of ${dim} numbers`,
    textColumns: [],
    parameters,
    ...(flops && { flops: (texts: readonly string[]) => flops(texts.map((text) => usual + text)) }),
    async answer(texts): Promise<TextVector[]> {
      const vectors = await vectorsOf(texts);
      return texts.map((_, row) => ({ vector: vectors.slice(row * dim, (row + 1) * dim) }));
    },
    encode: async (texts) => ({ dim, vectors: await vectorsOf(texts) }),
    close,
  };
}

type OpenEncoder = Pick<TextEncoder, "dim" | "encode" | "close"> &
  Partial<Pick<TextEncoder, "flops">> & { usual: string; parameters?: number };

async function openEncoder(folder: string, threads: number): Promise<OpenEncoder> {
  if (isStaticFolder(folder))
    throw new UserError(
      `'${folder}' holds static vectors of tokens, which are no model of their own. Give it as ${option("with")} to ` +
        "columnist embed, index, search, topics or duplicates; in a program, to embedTable.",
    );
  if (isGraphFolder(folder)) {
    const model = readGraphEncoder(folder);
    return { usual: model.prompts.usual, ...(await openGraphEncoder(model, threads)) };
  }
  const model = readEncoder(folder);
  return { usual: model.prompts.usual, parameters: parameterCount(model), ...openTextEncoder(model, threads) };
}
