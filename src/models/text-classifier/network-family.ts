// The network families: one tokenizer for all of them, training, and the ONNX file that answers.
import { z } from "zod";
import { CancelledError, UserError } from "../../base/errors.js";
import type { NamedArray } from "../../formats/safetensors.js";
import {
  encode,
  fromTokenizerJson,
  suggestMaxLength,
  type Tokenizer,
  toTokenizerJson,
  trainTokenizer,
  unknownId,
} from "../../text/index.js";
import type { ClassifierFamily, TrainedClassifier, TrainingRows } from "./family.js";
import {
  classWeights,
  defaultShape,
  defaultTraining,
  encoderOnnx,
  featureSize,
  longestText,
  type NetworkFamily,
  type NetworkScorer,
  type NetworkShape,
  networkFamilies,
  networkOnnx,
  openNetwork,
  startTable,
  trainNetwork,
} from "./network/index.js";

export function networkFamily(family: NetworkFamily): ClassifierFamily {
  return {
    async train(rows, { seed, threads, epochs, vectors }, watch = {}) {
      watch.onProgress?.({ stage: "reading texts", done: 0, total: 1 });
      const { tokenizer, maxLength, training, validation } = cutTo(longestText[family], preparedTexts(rows));
      if (watch.signal?.aborted) throw new CancelledError(`training of ${family} was cancelled`);
      const sizes = { vocabSize: tokenizer.tokens.length, classes: rows.classes, maxLength };
      const shape = shapeFor(defaultShape(family, sizes), vectors?.dim);
      const table = vectors && startTable(tokenizer.tokens, vectors, seed).table;
      const weights = classWeights(rows.training.labels, rows.classes);
      const options = defaultTraining(family, { rows: training.length, tokens: tokensOf(training) }, weights);
      const trained = await trainNetwork(
        shape,
        {
          training: { ids: training, labels: rows.training.labels },
          validation: { ids: validation, labels: rows.validation.labels },
        },
        { ...options, seed, threads, table, epochs: epochs ?? options.epochs },
        watch,
      );
      if (trained.history.length === 0) throw new CancelledError(`training of ${family} was cancelled`);
      const onnx = networkOnnx(shape, trained.weights);
      const classifier = await openClassifier({ shape, tokenizer, onnx, tensors: trained.weights }, threads);
      return {
        classifier,
        validation: await classifier.predict(rows.validation.texts),
        epochs: trained.history.map(({ training, validation }) => ({
          trainingLoss: training.loss,
          validationLoss: validation.loss,
          validationAccuracy: validation.accuracy,
        })),
        keptEpoch: trained.keptEpoch,
        stopped: trained.stopped,
      };
    },

    async load({ config, tensors, tokenizer, onnx }, { threads }) {
      const shape = readShape(config, family);
      if (tokenizer === undefined) throw new UserError("tokenizer.json is missing. Copy the whole folder again.");
      if (onnx === undefined) throw new UserError("model.onnx is missing. Copy the whole folder again.");
      const read = fromTokenizerJson(tokenizer);
      if (read.tokens.length !== shape.vocabSize)
        throw new UserError(
          `tokenizer.json has ${read.tokens.length} tokens, but the network was trained with ${shape.vocabSize}: ` +
            "the files belong to different models. Copy the whole folder again.",
        );
      return openClassifier({ shape, tokenizer: read, onnx, tensors }, threads);
    },
  };
}

/** The width of given vectors, and as many heads as divide it. */
function shapeFor(shape: NetworkShape, dim: number | undefined): NetworkShape {
  if (dim === undefined) return shape;
  const heads = shape.heads && [4, 3, 2, 1].find((count) => count <= shape.heads! && dim % count === 0);
  return { ...shape, embeddingDim: dim, ...(heads && { heads }) };
}

interface Network {
  shape: NetworkShape;
  tokenizer: Tokenizer;
  onnx: Uint8Array;
  tensors: ReadonlyMap<string, NamedArray>;
}

async function openClassifier(
  { shape, tokenizer, onnx, tensors }: Network,
  threads: number,
): Promise<TrainedClassifier> {
  const scorer = await openNetwork(onnx, shape.classes, threads).catch((error: unknown) => {
    throw new UserError("model.onnx is damaged: ONNX Runtime cannot read it. Copy the folder again or train again.", {
      cause: error,
    });
  });
  /** Opened when it is first asked: most uses want answers alone. */
  let encoder: Promise<NetworkScorer> | undefined;
  const openEncoder = () => {
    const { onnx: graph, size } = encoderOnnx(shape, tensors);
    return openNetwork(graph, size, threads, "features");
  };
  const read = (texts: readonly string[]) => texts.map((text) => idsOf(tokenizer, text, shape.maxLength));
  return {
    family: shape.family,
    classes: shape.classes,
    encoder: {
      dim: featureSize(shape),
      async encode(texts) {
        encoder ??= openEncoder();
        return (await encoder).score(read(texts));
      },
    },
    parameters: [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0),
    predict: (texts) => scorer.score(read(texts)),
    files: async () => ({ config: shape, tensors, onnx, tokenizer: toTokenizerJson(tokenizer) }),
    async close() {
      await scorer.close();
      await (await encoder)?.close();
    },
  };
}

interface PreparedTexts {
  tokenizer: Tokenizer;
  maxLength: number;
  training: Int32Array[];
  validation: Int32Array[];
}

const prepared = new WeakMap<TrainingRows, PreparedTexts>();

/** Done once for all network families of a run. The vocabulary and the length come from the training rows alone. */
function preparedTexts(rows: TrainingRows): PreparedTexts {
  let texts = prepared.get(rows);
  if (texts === undefined) {
    const tokenizer = trainTokenizer(rows.training.texts);
    const whole = rows.training.texts.map((text) => idsOf(tokenizer, text, Math.max(...Object.values(longestText))));
    const maxLength = suggestMaxLength(whole.map(({ length }) => length));
    texts = {
      tokenizer,
      maxLength,
      training: whole.map((ids) => ids.subarray(0, maxLength)),
      validation: rows.validation.texts.map((text) => idsOf(tokenizer, text, maxLength)),
    };
    prepared.set(rows, texts);
  }
  return texts;
}

function cutTo(longest: number, { tokenizer, maxLength, training, validation }: PreparedTexts): PreparedTexts {
  if (maxLength <= longest) return { tokenizer, maxLength, training, validation };
  const cut = (texts: Int32Array[]) => texts.map((ids) => ids.subarray(0, longest));
  return { tokenizer, maxLength: longest, training: cut(training), validation: cut(validation) };
}

function tokensOf(texts: readonly Int32Array[]): number {
  return texts.reduce((sum, { length }) => sum + length, 0);
}

/** A text of no word is one unknown word. */
function idsOf(tokenizer: Tokenizer, text: string, maxLength: number): Int32Array {
  const ids = encode(tokenizer, text, maxLength);
  return ids.length > 0 ? Int32Array.from(ids) : Int32Array.of(unknownId);
}

const size = z.number().int().min(0).max(1e7);
const shapeSchema = z.object({
  family: z.enum(networkFamilies),
  vocabSize: size,
  classes: size,
  maxLength: size.min(1),
  embeddingDim: size,
  hidden: size,
  blocks: size,
  heads: size,
  dropout: z.number().min(0).max(1),
  inputDropout: z.number().min(0).max(1),
}) satisfies z.ZodType<NetworkShape>;

function readShape(config: unknown, family: NetworkFamily): NetworkShape {
  const shape = shapeSchema.safeParse(config);
  if (shape.success && shape.data.family === family) return shape.data;
  const what = shape.success ? `it describes a ${shape.data.family}` : z.prettifyError(shape.error);
  throw new UserError(`columnist.json describes no ${family} under 'model': ${what}. Copy the folder again.`);
}
