// A pretrained encoder that goes on learning below a new last layer: all of it (full), or updates of low rank (lora).
import { z } from "zod";
import { CancelledError, UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import type { Watch } from "../../base/progress.js";
import { type ModelFiles, wrongModel } from "../../folders/index.js";
import {
  type EncoderWeights,
  eightBitSpecs,
  encoderTable,
  isEightBit,
  openTextEncoder,
} from "../../networks/encoders/index.js";
import type { PretrainedEncoder } from "../../networks/hugging-face/index.js";
import {
  type AnswerForm,
  type NetworkWeights,
  networkParameters,
  outputName,
  type TextNetwork,
  takeQuantized,
  textNetworkWeights,
  trainTextNetwork,
} from "../../networks/index.js";
import {
  depthInEncoder,
  isLowRankPart,
  lowRankSchema,
  mergeLowRank,
  occurringTokens,
  putRows,
  type TunedEncoderShape,
  type TuningSettings,
  takeRows,
  tunedEncoder,
  tunedEncoderSchema,
  tuningSettings,
  vectorNetwork,
  vectorTable,
  withoutLastNorm,
} from "../../networks/tuned-encoder/index.js";
import { suggestMaxLength } from "../../text/index.js";
import { loadFramedTokenizer } from "../../text/tokenizers/index.js";
import { stagePlace } from "../../train/index.js";
import { baseReferenceSchema, findReferred, referenceTo } from "./base-reference.js";
import type { Family, TrainingOptions, TrainingRows } from "./family.js";
import {
  encodedRows,
  formWithAmounts,
  requireTokenizer,
  staged,
  tokensOf,
  trainNetworkModel,
} from "./network-model.js";
import { openTunedEncoder, type TunedKind } from "./tuned-encoder-model.js";

export type TunedFamilyName = "full" | "lora";

/** Tokens of a text that are read at most. */
const longestText = 256;

export const tunedEncoderFamily = (name: TunedFamilyName, form: AnswerForm): Family => ({
  async train(rows, { base, merge, seed, threads, epochs, place }, watch = {}) {
    if (base?.kind !== "encoder")
      throw new UserError(`Fine-tuning needs a pretrained encoder: name one with ${option("base")}.`);
    const { encoder } = base;
    watch.onProgress?.({ stage: "reading texts", done: 0, total: 1 });
    const { ids, maxLength } = readTexts(encoder, rows);
    if (watch.signal?.aborted) throw new CancelledError("Stopped before fine-tuning started.");
    const { width } = rows.head;
    const settings = tuningSettings(name, { rows: ids.training.length, tokens: tokensOf(ids.training), width });
    const { dropout, lowRank } = settings;
    const shape = { encoder: encoder.shape, vector: withoutLastNorm(encoder.vector), width, maxLength, dropout };
    const { lowercase, tokenizerJson } = encoder;
    const reading = { prompt: encoder.prompts.usual, lowercase, tokenizerJson };
    const kind: TunedKind = { family: name, shape, form: rows.head, reading };
    const lastLayer = await trainLastLayer(kind, encoder, rows, settings, { seed, threads, place }, watch);

    const { rows: tokens, texts } = occurringTokens([...ids.training, ...ids.validation], encoder.shape.vocabSize);
    const small = { ...shape, encoder: { ...encoder.shape, vocabSize: tokens.length } };
    const network = tunedEncoder(small, name, lowRank);
    const known = new Map([...takeRows(encoder.weights, encoderTable, tokens), ...lastLayer]);
    const reference = lowRank && !merge ? referenceTo(base) : undefined;
    const open = (weights: NetworkWeights) => {
      const whole = putRows(weights, encoderTable, tokens, encoder.weights.get(encoderTable)!);
      if (!lowRank) return openTunedEncoder(kind, { weights: whole }, threads);
      const update = reference && { base: reference, lowRank, weights: learntParts(weights) };
      return openTunedEncoder(kind, { weights: mergeLowRank(whole, lowRank) }, threads, update);
    };
    return trainNetworkModel(
      { network, open },
      { training: texts.slice(0, ids.training.length), validation: texts.slice(ids.training.length) },
      rows,
      {
        ...settings.training,
        ...(epochs !== undefined && { epochs }),
        ...{ seed, threads, place },
        start: numbersOf(known),
        frozen: lowRank && frozenParts(encoder.weights),
        rateScale: (parameter) => settings.rateScale(depthInEncoder(encoder.shape, parameter)),
      },
      watch,
    );
  },

  async load({ config, tensors, tokenizer }, { threads }) {
    const { shape, prompt, lowercase, update, bits } = readConfig(config, name);
    const base = update && (await findReferred(update.base));
    const tokenizerJson = base?.tokenizerJson ?? requireTokenizer(tokenizer);
    checkTokenizer(tokenizerJson, lowercase, shape);
    const kind = {
      family: name,
      shape,
      form: formWithAmounts(form, config),
      reading: { prompt, lowercase, tokenizerJson },
    };
    if (!base) {
      const whole = tunedEncoder(shape, name);
      return openTunedEncoder(
        kind,
        bits ? eightBitWeights(whole, tensors) : { weights: textNetworkWeights(whole, tensors) },
        threads,
      );
    }
    const network = tunedEncoder(shape, name, update);
    const weights = textNetworkWeights(network, new Map([...base.weights, ...tensors]));
    const kept = { base: update.base, lowRank: update, weights: learntParts(weights) };
    return openTunedEncoder(kind, { weights: mergeLowRank(weights, update) }, threads, kept);
  },
});

function eightBitWeights(network: TextNetwork, tensors: ModelFiles["tensors"]): EncoderWeights {
  const weights = textNetworkWeights(network, tensors, (name) => !isEightBit(name));
  return { weights, quantized: takeQuantized(eightBitSpecs(networkParameters(network)), tensors) };
}

/** Ids of all texts, special ones included. The length comes from the training rows alone. */
function readTexts({ tokenizer, prompts, maxLength: longest }: PretrainedEncoder, rows: TrainingRows) {
  const read = (texts: readonly string[], length: number) =>
    texts.map((text) => tokenizer.encode(prompts.usual + text, length));
  const most = Math.min(longestText, longest);
  const whole = read(rows.training.texts, most);
  const { before, after } = tokenizer.frame;
  const least = Math.min(most, before.length + after.length + 1);
  const maxLength = Math.max(least, suggestMaxLength(whole.map(({ length }) => length)));
  const training = whole.map((ids, row) =>
    ids.length <= maxLength ? ids : tokenizer.encode(prompts.usual + rows.training.texts[row], maxLength),
  );
  return { ids: { training, validation: read(rows.validation.texts, maxLength) }, maxLength };
}

/** The last layer alone, on the vectors that the base gives: they are computed once. */
async function trainLastLayer(
  { shape, reading }: TunedKind,
  { shape: encoderShape, weights }: PretrainedEncoder,
  rows: TrainingRows,
  settings: TuningSettings,
  { seed, threads, place }: Pick<TrainingOptions, "seed" | "threads" | "place">,
  watch: Watch,
): Promise<NetworkWeights> {
  const { vector, maxLength, width, dropout } = shape;
  const texts = [...rows.training.texts, ...rows.validation.texts];
  const model = { shape: encoderShape, vector, weights, maxLength, ...reading, encodesEmpty: true };
  const encoder = openTextEncoder(model, threads);
  try {
    const onTexts = (done: number) => watch.onProgress?.({ stage: "vectors of the base", done, total: texts.length });
    const prompted = texts.map((text) => reading.prompt + text);
    const { vectors } = await encoder.encode(prompted, { signal: watch.signal, onTexts });
    const network: TextNetwork = vectorNetwork({ rows: texts.length, dim: encoder.dim, width, dropout }, "last layer");
    const placeOf = (_: string, row: number) => Int32Array.of(row);
    const ids = {
      training: rows.training.texts.map(placeOf),
      validation: rows.validation.texts.map((text, row) => placeOf(text, rows.training.texts.length + row)),
    };
    const { weights: trained } = await trainTextNetwork(
      network,
      rows.head,
      encodedRows(ids, rows),
      {
        ...settings.lastLayer,
        ...{ seed, threads },
        start: new Map([[vectorTable, vectors]]),
        frozen: new Set([vectorTable]),
        place: stagePlace(place, "last layer"),
      },
      staged(watch, "last layer"),
    );
    return new Map([...trained].filter(([parameter]) => parameter !== vectorTable));
  } finally {
    await encoder.close();
  }
}

function numbersOf(weights: NetworkWeights): Map<string, Float32Array> {
  return new Map([...weights].map(([name, { data }]) => [name, data]));
}

/** What an update of low rank learns: it, and the last layer. */
function learntParts(weights: NetworkWeights): NetworkWeights {
  return new Map([...weights].filter(([name]) => isLowRankPart(name) || name.startsWith(`${outputName}/`)));
}

/** All of the base. */
function frozenParts(weights: NetworkWeights): Set<string> {
  return new Set([...weights.keys()].filter((name) => !isLowRankPart(name)));
}

const readingSchema = z.object({
  family: z.string(),
  prompt: z.string().max(2 ** 16),
  lowercase: z.boolean(),
  /** Of the matrices of the encoder, where they are fewer than 32. */
  bits: z.literal(8).optional(),
  update: lowRankSchema.extend({ base: baseReferenceSchema }).optional(),
});

function readConfig(config: unknown, family: TunedFamilyName) {
  const [reading, shape] = [readingSchema.safeParse(config), tunedEncoderSchema.safeParse(config)];
  if (reading.success && shape.success && reading.data.family === family)
    return { shape: shape.data satisfies TunedEncoderShape, ...reading.data };
  const error = reading.error ?? shape.error;
  const what = error ? z.prettifyError(error) : `it describes a model of the family ${reading.data?.family}`;
  throw wrongModel(`it has no valid fine-tuned encoder under 'model': ${what}`);
}

function checkTokenizer(json: string, lowercase: boolean, { encoder, maxLength }: TunedEncoderShape): void {
  const { tokenizer, frame } = loadFramedTokenizer(json, { lowercase });
  const largest = Math.max(tokenizer.vocabSize - 1, ...frame.before, ...frame.after);
  if (largest >= encoder.vocabSize)
    throw new UserError(
      `tokenizer.json gives ids up to ${largest}, but the network has vectors for ${encoder.vocabSize} tokens: the files ` +
        "belong to different models. Copy the whole folder again.",
    );
  if (maxLength <= frame.before.length + frame.after.length)
    throw wrongModel(`its texts of ${maxLength} tokens have no room beside the special ones of tokenizer.json`);
}
