// Vectors of rows from a trained network.
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { tellFolder } from "../folders/index.js";
import { openTokenScorer } from "../networks/encoded-texts/index.js";
import { languageEncoderOnnx } from "../networks/language/index.js";
import { readClassifier } from "../tasks/classify/index.js";
import { readPretrainedNetwork } from "../tasks/language/index.js";
import type { SourcedEncoder } from "./row-encoder.js";

/** A classifier just before its last layer, a language model in its last states. */
export async function openModelEncoder(folder: string, threads: number): Promise<SourcedEncoder> {
  const { dim, encode, description, close } =
    tellFolder(folder)?.kind === "language-model"
      ? await languageModel(folder, threads)
      : await classifier(folder, threads);
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

async function classifier(folder: string, threads: number): Promise<TextEncoder> {
  const { classifier, facts } = await readClassifier(folder, { threads });
  const { encoder } = classifier;
  if (!encoder) {
    await classifier.close();
    throw new UserError(
      `The model '${folder}' is of the family ${facts.family}, which has no row vectors. Use a network ` +
        `(train ${option("model")} cnn) or word vectors.`,
    );
  }
  const { dim, encode } = encoder;
  return { dim, encode, description: `the ${facts.family} of ${folder}`, close: () => classifier.close() };
}

/** Tokens of a text that a language model without a bound of its own reads. */
const longestText = 512;

async function languageModel(folder: string, threads: number): Promise<TextEncoder> {
  const { shape, weights, tokenizer } = await readPretrainedNetwork(folder);
  const scorer = await openTokenScorer(languageEncoderOnnx(shape, weights), shape.width, threads, "features");
  const longest = shape.family === "transformer" ? shape.contextLength : longestText;
  return {
    dim: shape.width,
    description: `the language model ${folder}`,
    // A text of no token has the zeros of a mean over nothing.
    encode: (texts) => scorer.score(texts.map((text) => tokenizer.encode(text).subarray(0, longest))),
    close: () => scorer.close(),
  };
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
