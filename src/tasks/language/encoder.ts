// Vectors of texts from a pretrained network: the mean of its last states.
import { openTokenScorer } from "../../networks/encoded-texts/index.js";
import { languageEncoderOnnx } from "../../networks/language/index.js";
import { checkFiniteAnswer } from "./network-model.js";
import { readPretrainedNetwork } from "./read-folder.js";

export interface LanguageEncoder {
  dim: number;
  /** Row-major (texts, dim). A text of no token has the zeros of a mean over nothing. */
  encode(texts: readonly string[]): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Tokens of a text that a language model without a bound of its own reads. */
const longestText = 512;

/** @throws UserError when `folder` is not the folder of a pretrained network, or a file is missing or damaged */
export async function openLanguageEncoder(folder: string, threads: number): Promise<LanguageEncoder> {
  const { shape, weights, tokenizer } = await readPretrainedNetwork(folder);
  const scorer = await openTokenScorer(languageEncoderOnnx(shape, weights), shape.width, threads, "features");
  const longest = shape.family === "transformer" ? shape.contextLength : longestText;
  return {
    dim: shape.width,
    async encode(texts) {
      const vectors = await scorer.score(texts.map((text) => tokenizer.encode(text).subarray(0, longest)));
      checkFiniteAnswer(vectors, "vector");
      return vectors;
    },
    close: () => scorer.close(),
  };
}
