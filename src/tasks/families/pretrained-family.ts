// A pretrained language model as a model of texts: its body goes on learning, below a new last layer.
import { z } from "zod";
import { CancelledError, UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { wrongModel } from "../../folders/index.js";
import {
  type AnswerForm,
  depthBelow,
  fineTuning,
  type PretrainedShape,
  pretrainedNetwork,
  trainTextNetwork,
} from "../../networks/index.js";
import { languageNetworkShapeSchema, tokenTableName } from "../../networks/language/index.js";
import { loadTokenizer, neutralToken, suggestMaxLength, type Tokenizer } from "../../text/index.js";
import { stagePlace } from "../../train/index.js";
import type { Family, TrainingOptions, TrainingRows } from "./family.js";
import {
  encodedRows,
  formWithAmounts,
  type NetworkKind,
  openNetworkModel,
  plainKind,
  planNetworkModel,
  requireTokenizer,
  staged,
  tokensOf,
  trainNetworkModel,
} from "./network-model.js";

/** Tokens of a text that are read at most. */
const longestText = 256;

export const pretrainedFamily = (form: AnswerForm): Family => ({
  async train(rows, given, watch = {}) {
    watch.onProgress?.({ stage: "reading texts", done: 0, total: 1 });
    const { kind, ids, lastLayer, options } = prepare(rows, given);
    if (watch.signal?.aborted) throw new CancelledError("Stopped before fine-tuning started.");
    const read = await trainTextNetwork(
      kind.network,
      rows.head,
      encodedRows(ids, rows),
      lastLayer,
      staged(watch, "last layer"),
    );
    const start = valuesOf(read.weights);
    return trainNetworkModel(plainKind(kind, given.threads), ids, rows, { ...options, start }, watch);
  },

  async plan(rows, given) {
    const { kind, ids, lastLayer, options } = prepare(rows, given);
    const first = { network: kind.network, head: rows.head, rows: encodedRows(ids, rows), options: lastLayer };
    return [first, ...planNetworkModel(kind.network, ids, rows, options)];
  },

  async load({ config, tensors, tokenizer }, { threads }) {
    const shape = readShape(config);
    const read = loadTokenizer(requireTokenizer(tokenizer));
    if (read.vocabSize > shape.body.vocabSize)
      throw new UserError(
        `tokenizer.json has ${read.vocabSize} tokens, but the network was trained with ${shape.body.vocabSize}: ` +
          "the files belong to different models. Copy the whole folder again.",
      );
    return openNetworkModel(kindOf(shape, read, formWithAmounts(form, config)), tensors, threads);
  },
});

/** First the last layer alone, then all of it. */
function prepare(rows: TrainingRows, { base, seed, threads, epochs, place, onEpoch }: TrainingOptions) {
  if (base?.kind !== "language")
    throw new UserError(`Fine-tuning needs a pretrained language model: name one with ${option("base")}.`);
  const { tokenizer, weights, shape: baseShape } = base.network;
  const { width } = rows.head;
  const bound = baseShape.family === "transformer" ? baseShape.contextLength : Infinity;
  const longest = Math.min(longestText, bound);
  const whole = rows.training.texts.map((text) => idsOf(tokenizer, text, longest));
  const maxLength = suggestMaxLength(whole.map(({ length }) => length));
  const settings = fineTuning(baseShape, { rows: whole.length, tokens: tokensOf(whole), width });
  const body = { ...baseShape, dropout: settings.bodyDropout };
  const shape = { family: "pretrained" as const, body, width, maxLength, dropout: settings.dropout };
  const kind = kindOf(shape, tokenizer, rows.head);
  const start = valuesOf(weights);
  const common = { seed, threads, start };
  return {
    kind,
    ids: {
      training: whole.map((tokens) => tokens.subarray(0, maxLength)),
      validation: rows.validation.texts.map(kind.idsOf),
    },
    lastLayer: {
      ...common,
      ...settings.lastLayer,
      frozen: new Set(start.keys()),
      place: stagePlace(place, "last layer"),
    },
    options: {
      ...common,
      ...settings.training,
      epochs: epochs ?? settings.training.epochs,
      ...{ place, onEpoch },
      rateScale: (name: string) => settings.rateScale(depthBelow(baseShape, name)),
    },
  };
}

function valuesOf(weights: ReadonlyMap<string, { data: Float32Array }>): Map<string, Float32Array> {
  return new Map([...weights].map(([name, { data }]) => [name, data]));
}

function kindOf(shape: PretrainedShape, tokenizer: Tokenizer, form: AnswerForm): NetworkKind {
  return {
    form,
    network: pretrainedNetwork(shape),
    config: shape,
    idsOf: (text) => idsOf(tokenizer, text, shape.maxLength),
    tokenizer,
    table: tokenTableName,
    baseline: neutralToken(tokenizer),
  };
}

/** A text of no token is the end of a text. */
function idsOf(tokenizer: Tokenizer, text: string, maxLength: number): Int32Array {
  const ids = tokenizer.encode(text);
  return ids.length > 0 ? ids.slice(0, maxLength) : Int32Array.of(tokenizer.roles.endOfText ?? 0);
}

const shapeSchema = z.object({
  family: z.literal("pretrained"),
  body: languageNetworkShapeSchema,
  width: z.int().min(1).max(1e7),
  maxLength: z.int().min(1).max(longestText),
  dropout: z.number().min(0).max(1),
}) satisfies z.ZodType<PretrainedShape>;

function readShape(config: unknown): PretrainedShape {
  const shape = shapeSchema.safeParse(config);
  if (shape.success) return shape.data;
  throw wrongModel(`it has no valid fine-tuned network under 'model': ${z.prettifyError(shape.error)}`);
}
