// Vectors of tokens as a folder that model2vec and sentence-transformers open.
import { join } from "node:path";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import type { WordVectors } from "../../embeddings/word-vectors.js";
import { writeSafetensors } from "../../formats/safetensors-file.js";
import { jsonText, tokenizerFiles, writeTexts } from "./tokenizer-config.js";
import { module } from "./write-modules.js";

/**
 * @param folder - there, and empty
 * @throws UserError for vectors of words, which no tokenizer gives
 */
export function writeStaticVectors(folder: string, { words, dim, vectors, tokens }: WordVectors): void {
  if (!tokens)
    throw new UserError(
      `Vectors of words have no tokenizer.json that Python could read texts with. Train them with ${option("format")} word2vec, for ` +
        "a file that gensim opens, or make vectors of tokens: columnist distil <encoder>",
    );
  const { json: tokenizerJson, lowercase } = tokens;
  const files = tokenizerFiles({ tokenizerJson, lowercase, maxLength: 2 ** 20 });
  // As much of a text counts as here: all of it.
  files.set("tokenizer.json", `${JSON.stringify({ ...JSON.parse(files.get("tokenizer.json")!), truncation: null })}\n`);
  files.set(
    "config.json",
    jsonText({ architectures: ["StaticModel"], model_type: "model2vec", hidden_dim: dim, normalize: true }),
  );
  files.set("modules.json", jsonText([module(0, "", "StaticEmbedding"), module(1, "1_Normalize", "Normalize")]));
  writeTexts(folder, files);
  const shape = [words.length, dim];
  writeSafetensors(join(folder, "model.safetensors"), new Map([["embeddings", { shape, data: vectors }]]));
}
