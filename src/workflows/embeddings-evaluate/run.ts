// Compares vectors of words with what people say of the same words.
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { readTextFile } from "../../base/text-file.js";
import type { WorkflowWatch } from "../../base/watch.js";
import {
  type AnalogyScore,
  parseAnalogies,
  parsePairs,
  type SimilarityScore,
  scoreAnalogies,
  scoreSimilarity,
} from "../../embeddings/index.js";
import { openVectors } from "../../row-vectors/open-vectors.js";
import { type EmbeddingsEvaluateOptions, embeddingsEvaluateOptionsSchema } from "./options.js";

export interface EmbeddingsEvaluateResult {
  vectors: string;
  words: number;
  dim: number;
  similarity: ({ file: string } & SimilarityScore)[];
  analogies: ({ file: string } & AnalogyScore)[];
}

/**
 * @throws UserError when no test is given, or a file is missing or damaged
 * @example
 * const { similarity } = await evaluateEmbeddings("vectors", { similarity: ["wordsim353.tsv"] });
 */
export async function evaluateEmbeddings(
  path: string,
  options: EmbeddingsEvaluateOptions,
  watch: WorkflowWatch = {},
): Promise<EmbeddingsEvaluateResult> {
  const { similarity, analogies } = embeddingsEvaluateOptionsSchema.parse(options);
  if (similarity.length + analogies.length === 0)
    throw new UserError(
      `There is nothing to compare with. Specify a file of word pairs with ${option("similarity")} or of analogies ` +
        `with ${option("analogies")}.`,
    );
  const pairs = similarity.map((file) => ({
    file,
    pairs: parsePairs(readTextFile(file, "a file of word pairs"), file),
  }));
  const questions = analogies.map((file) => ({
    file,
    questions: parseAnalogies(readTextFile(file, "a file of analogies"), file),
  }));
  watch.onProgress?.({ stage: "reading vectors", done: 0, total: 1 });
  const vectors = await openVectors(path, watch.onMessage);
  const report = (file: string, total: number) => (done: number) =>
    watch.onProgress?.({ stage: `questions of ${file}`, done, total });
  return {
    vectors: path,
    words: vectors.words.length,
    dim: vectors.dim,
    similarity: pairs.map(({ file, pairs: own }) => ({ file, ...scoreSimilarity(vectors, own) })),
    analogies: questions.map(({ file, questions: own }) => ({
      file,
      ...scoreAnalogies(vectors, own, report(file, own.length)),
    })),
  };
}
