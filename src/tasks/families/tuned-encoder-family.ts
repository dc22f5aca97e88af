// A pretrained encoder that goes on learning below a new last layer: all of it (full), or updates of low rank (lora).
import { z } from "zod";
import { CancelledError, UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { encoderTable } from "../../networks/encoders/index.js";
import { type AnswerForm, type NetworkWeights, networkParameters, numbersOf } from "../../networks/index.js";
import {
  depthInEncoder,
  isLowRankPart,
  mergeLowRank,
  occurringTokens,
  putRows,
  takeRows,
  tunedEncoder,
  tuningSettings,
  withoutLastNorm,
} from "../../networks/tuned-encoder/index.js";
import type { Base } from "./base.js";
import { referenceTo } from "./base-reference.js";
import type { Family, TrainingOptions, TrainingRows } from "./family.js";
import { learntParts, loadTunedEncoder } from "./load-tuned-encoder.js";
import { encodedRows, planNetworkModel, tokensOf, trainNetworkModel } from "./network-model.js";
import { planLastLayer, trainLastLayer } from "./train-last-layer.js";
import { openTunedEncoder, openVectors, type TunedKind } from "./tuned-encoder-model.js";
import { readTexts } from "./tuned-encoder-texts.js";

export const tunedEncoderFamily = (name: "full" | "lora", form: AnswerForm): Family => ({
  async train(rows, given, watch = {}) {
    watch.onProgress?.({ stage: "reading texts", done: 0, total: 1 });
    const { kind, encoder, settings, tokens, network, ids, options } = prepare(name, rows, given);
    if (watch.signal?.aborted) throw new CancelledError("Stopped before fine-tuning started.");
    const { base, merge, seed, threads, place } = given;
    const vectors = openVectors(kind, encoder, threads);
    const lastLayer = await trainLastLayer(
      kind,
      vectors,
      rows,
      settings.lastLayer,
      { seed, threads, place, vectors: "vectors of the base" },
      watch,
    ).finally(() => vectors.close());

    const { lowRank } = settings;
    const known = new Map([...takeRows(encoder.weights, encoderTable, tokens), ...lastLayer]);
    const reference = lowRank && !merge ? referenceTo(base as EncoderBase) : undefined;
    const open = (weights: NetworkWeights) => {
      const whole = putRows(weights, encoderTable, tokens, encoder.weights.get(encoderTable)!);
      if (!lowRank) return openTunedEncoder(kind, { weights: whole }, threads);
      const update = reference && { base: reference, lowRank, weights: learntParts(weights) };
      return openTunedEncoder(kind, { weights: mergeLowRank(whole, lowRank) }, threads, update);
    };
    return trainNetworkModel({ network, open }, ids, rows, { ...options, start: numbersOf(known) }, watch);
  },

  async plan(rows, given) {
    const { kind, encoder, settings, tokens, network, ids, options } = prepare(name, rows, given);
    const start = numbersOf(takeRows(encoder.weights, encoderTable, tokens));
    // Read once for the last layer, which then learns by itself.
    const frozen = new Set(networkParameters(network).map((parameter) => parameter.name));
    const read = { network, head: rows.head, rows: { training: encodedRows(ids, rows).training } };
    return [
      { ...read, options: { ...options, start, frozen, epochs: 1 } },
      planLastLayer(kind, rows, settings.lastLayer, given),
      ...planNetworkModel(network, ids, rows, { ...options, start }),
    ];
  },

  load: (files, { threads }) => loadTunedEncoder(name, form, files, threads),
});

const settingsSchema = z.strictObject({ epochs: z.int().min(1), learningRate: z.number().positive() }).partial();
type EncoderBase = Extract<Base, { kind: "encoder" }>;

function prepare(name: "full" | "lora", rows: TrainingRows, given: TrainingOptions) {
  const { base, seed, threads, place, onEpoch } = given;
  const { learningRate, ...own } = settingsSchema.parse(given.settings ?? {});
  const epochs = given.epochs ?? own.epochs;
  if (base?.kind !== "encoder")
    throw new UserError(`Fine-tuning needs a pretrained encoder: name one with ${option("base")}.`);
  const { encoder } = base;
  const { ids, maxLength } = readTexts(encoder, rows);
  const { width } = rows.head;
  const settings = tuningSettings(name, { rows: ids.training.length, tokens: tokensOf(ids.training), width });
  const { dropout, lowRank } = settings;
  const shape = { encoder: encoder.shape, vector: withoutLastNorm(encoder.vector), width, maxLength, dropout };
  const { lowercase, tokenizerJson } = encoder;
  const reading = { prompt: encoder.prompts.usual, lowercase, tokenizerJson };
  const kind: TunedKind = { family: name, shape, form: rows.head, reading };
  const { rows: tokens, texts } = occurringTokens([...ids.training, ...ids.validation], encoder.shape.vocabSize);
  const small = { ...shape, encoder: { ...encoder.shape, vocabSize: tokens.length } };
  return {
    ...{ kind, encoder, settings, tokens },
    network: tunedEncoder(small, name, lowRank),
    ids: { training: texts.slice(0, ids.training.length), validation: texts.slice(ids.training.length) },
    options: {
      ...settings.training,
      ...(epochs !== undefined && { epochs }),
      ...(learningRate && { optimizer: { ...settings.training.optimizer, learningRate } }),
      ...{ seed, threads, place, onEpoch },
      frozen: lowRank && frozenParts(encoder.weights),
      rateScale: (parameter: string) => settings.rateScale(depthInEncoder(encoder.shape, parameter)),
    },
  };
}

/** All of the base. */
function frozenParts(weights: NetworkWeights): Set<string> {
  return new Set([...weights.keys()].filter((name) => !isLowRankPart(name)));
}
