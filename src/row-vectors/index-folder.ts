// What the folder of an index holds: its rows with their vectors, and what encodes questions.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../base/errors.js";
import { writeVectorsPart } from "../embeddings/vectors-folder.js";
import { openWordRows } from "../embeddings/word-rows.js";
import { copyPart, type Folder, filePath, inFile, openFolder } from "../folders/index.js";
import { checkFinite } from "../formats/finite.js";
import { decodeSafetensors, encodeSafetensors } from "../formats/safetensors.js";
import {
  modelEncoder,
  pretrainedEncoder,
  type RowEncoder,
  type SourcedEncoder,
  sifEncoder,
  tokensEncoder,
} from "./row-encoder.js";

/** `words`, `model` or `encoder`: a folder inside. */
export const indexFiles = {
  rows: "rows.parquet",
  sif: "sif.safetensors",
  words: "words",
  model: "model",
  encoder: "encoder",
} as const;

export async function writeIndexEncoder(folder: string, { source, description }: SourcedEncoder): Promise<void> {
  if (source.kind === "model") {
    copyPart(openFolder(source.folder, "text-model", "language-model"), join(folder, indexFiles.model));
    return;
  }
  if (source.kind === "pretrained") {
    // A copy: the index answers questions in years too, on another machine, when the model's cache is gone.
    source.copyTo(join(folder, indexFiles.encoder));
    return;
  }
  const { words, sif } = source;
  await writeVectorsPart(join(folder, indexFiles.words), words, {
    method: description,
    lowercase: false,
    options: {},
    data: { source: description, texts: 0, tokens: 0 },
  });
  if (!sif) return;
  const { weights, common } = sif;
  const tensors = new Map([["weights", { shape: [weights.length], data: weights }]]);
  if (common) tensors.set("common", { shape: [common.length], data: common });
  writeFileSync(join(folder, indexFiles.sif), encodeSafetensors(tensors));
}

/** What turns a question into a vector like those of the rows. The folder is checked by whoever opened it. */
export async function readIndexEncoder(folder: Folder<"row-index">, threads: number): Promise<RowEncoder> {
  const { encoder } = folder.facts;
  if (encoder.kind === "model") return modelEncoder(join(folder.path, indexFiles.model), threads);
  if (encoder.kind === "pretrained") return pretrainedEncoder(join(folder.path, indexFiles.encoder), { threads });
  const words = await openWordRows(join(folder.path, indexFiles.words));
  try {
    return { ...encoderOf(words, folder), close: async () => words.close() };
  } catch (error) {
    words.close();
    throw error;
  }
}

function encoderOf(words: Awaited<ReturnType<typeof openWordRows>>, folder: Folder<"row-index">): RowEncoder {
  const { encoder, dim } = folder.facts;
  const unfit = (path: string, what: string) =>
    new UserError(`${path} does not match the ${what} of the index. Build the index again.`);
  if (words.dim !== dim) throw unfit(join(folder.path, indexFiles.words), "vectors");
  if (words.tokens) return tokensEncoder(words, words.tokens, encoder.description);
  const path = filePath(folder, indexFiles.sif);
  const tensors = inFile(path, () => {
    const read = decodeSafetensors(readFileSync(path)).tensors;
    checkFinite(read);
    return read;
  });
  const weights = tensors.get("weights")?.data;
  const common = tensors.get("common")?.data;
  const fits = (data: unknown, length: number) => data instanceof Float64Array && data.length === length;
  if (!fits(weights, words.ids.size) || (common && !fits(common, words.dim))) throw unfit(path, "words");
  const sif = { words, weights: weights as Float64Array, common: common as Float64Array | undefined };
  return sifEncoder(sif, encoder.description);
}
