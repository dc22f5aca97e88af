// The network families that learn from the table alone: one tokenizer for all of them, and their sizes.
import { z } from "zod";
import { CancelledError, UserError } from "../../base/errors.js";
import { wrongModel } from "../../folders/index.js";
import {
  type AnswerForm,
  defaultShape,
  defaultTraining,
  longestText,
  startTable,
  type WordNetworkName,
  type WordNetworkShape,
  wordNetwork,
  wordNetworkNames,
  wordTableName,
} from "../../networks/index.js";
import { createWordPiece, loadTokenizer, suggestMaxLength, type Tokenizer, trainVocabulary } from "../../text/index.js";
import type { Family, TrainingOptions, TrainingRows } from "./family.js";
import {
  formWithAmounts,
  type NetworkKind,
  openNetworkModel,
  plainKind,
  planNetworkModel,
  requireTokenizer,
  tokensOf,
  trainNetworkModel,
} from "./network-model.js";

export function wordNetworkFamily(family: WordNetworkName, form: AnswerForm): Family {
  function prepare(rows: TrainingRows, given: TrainingOptions) {
    const { seed, threads, epochs, vectors, freezeVectors, place, onEpoch, isTrial } = given;
    const { learningRate, ...settings } = settingsSchema.parse(given.settings ?? {});
    const { tokenizer, maxLength, ...ids } = cutTo(longestText[family], preparedTexts(rows));
    const { training } = ids;
    const { width } = rows.head;
    const sizes = { vocabSize: tokenizer.vocabSize, width, maxLength };
    const shape = shapeFor({ ...defaultShape(family, sizes), ...settings }, vectors?.dim);
    const start = vectors && new Map([[wordTableName, startTable(vocabularyOf(tokenizer), vectors, seed).table]]);
    const frozen = vectors && freezeVectors ? new Set([wordTableName]) : undefined;
    const usual = defaultTraining(family, { rows: training.length, tokens: tokensOf(training), width });
    const options = {
      ...usual,
      optimizer: { ...usual.optimizer, ...(learningRate !== undefined && { learningRate }) },
      ...{ seed, threads, start, frozen, place, onEpoch, isTrial, epochs: epochs ?? usual.epochs },
    };
    return { kind: kindOf(shape, tokenizer, rows.head), ids, options };
  }
  return {
    async train(rows, given, watch = {}) {
      watch.onProgress?.({ stage: "reading texts", done: 0, total: 1 });
      const { kind, ids, options } = prepare(rows, given);
      if (watch.signal?.aborted) throw new CancelledError(`Stopped before training of ${family} started.`);
      return trainNetworkModel(plainKind(kind, given.threads), ids, rows, options, watch);
    },

    async plan(rows, given) {
      const { kind, ids, options } = prepare(rows, given);
      return planNetworkModel(kind.network, ids, rows, options);
    },

    async load({ config, tensors, tokenizer }, { threads }) {
      const shape = readShape(config, family);
      const read = loadTokenizer(requireTokenizer(tokenizer));
      if (read.vocabSize !== shape.vocabSize)
        throw new UserError(
          `tokenizer.json has ${read.vocabSize} tokens, but the network was trained with ${shape.vocabSize}: ` +
            "the files belong to different models. Copy the whole folder again.",
        );
      return openNetworkModel(kindOf(shape, read, formWithAmounts(form, config)), tensors, threads);
    },
  };
}

function kindOf(shape: WordNetworkShape, tokenizer: Tokenizer, form: AnswerForm): NetworkKind {
  return {
    form,
    network: wordNetwork(shape),
    config: shape,
    idsOf: (text) => idsOf(tokenizer, text, shape.maxLength),
    tokenizer,
    table: wordTableName,
  };
}

/** The width of given vectors, and as many heads as divide it. */
function shapeFor(shape: WordNetworkShape, dim: number | undefined): WordNetworkShape {
  if (dim === undefined) return shape;
  const heads = shape.heads && [4, 3, 2, 1].find((count) => count <= shape.heads! && dim % count === 0);
  return { ...shape, embeddingDim: dim, ...(heads && { heads }) };
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
    const tokenizer = createWordPiece(trainVocabulary(rows.training.texts));
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

function vocabularyOf(tokenizer: Tokenizer): string[] {
  return Array.from({ length: tokenizer.vocabSize }, (_, id) => tokenizer.idToToken(id) ?? "");
}

/** A text of no word is one unknown word. */
function idsOf(tokenizer: Tokenizer, text: string, maxLength: number): Int32Array {
  const ids = tokenizer.encode(text, maxLength);
  return ids.length > 0 ? ids : Int32Array.of(tokenizer.roles.unknown ?? 0);
}

const settingsSchema = z
  .strictObject({
    embeddingDim: z.int().min(1),
    hidden: z.int().min(1),
    blocks: z.int().min(1),
    dropout: z.number().min(0).max(1),
    learningRate: z.number().positive(),
  })
  .partial();

const size = z.number().int().min(0).max(1e7);
const shapeSchema = z.object({
  family: z.enum(wordNetworkNames),
  vocabSize: size,
  width: size.min(1),
  maxLength: size.min(1),
  embeddingDim: size,
  hidden: size,
  blocks: size.max(512),
  heads: size,
  dropout: z.number().min(0).max(1),
  inputDropout: z.number().min(0).max(1),
}) satisfies z.ZodType<WordNetworkShape>;

function readShape(config: unknown, family: WordNetworkName): WordNetworkShape {
  const shape = shapeSchema.safeParse(config);
  if (shape.success && shape.data.family === family && shape.data.maxLength > longestText[family])
    throw wrongModel(
      `model.maxLength is ${shape.data.maxLength}, but a ${family} reads ${longestText[family]} tokens at most`,
    );
  if (shape.success && shape.data.family === family) return shape.data;
  const what = shape.success ? `it describes a ${shape.data.family}` : z.prettifyError(shape.error);
  throw wrongModel(`it has no valid ${family} under 'model': ${what}`);
}
