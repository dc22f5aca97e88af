// A pretrained encoder that goes on learning below a new last layer: all of it (full), or updates of low rank (lora).
import { z } from "zod";
import { CancelledError, UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { encoderTable } from "../../networks/encoders/index.js";
import { type AnswerForm, type NetworkWeights, numbersOf } from "../../networks/index.js";
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
import { referenceTo } from "./base-reference.js";
import type { Family } from "./family.js";
import { learntParts, loadTunedEncoder } from "./load-tuned-encoder.js";
import { tokensOf, trainNetworkModel } from "./network-model.js";
import { trainLastLayer } from "./train-last-layer.js";
import { openTunedEncoder, openVectors, type TunedKind } from "./tuned-encoder-model.js";
import { readTexts } from "./tuned-encoder-texts.js";

export const tunedEncoderFamily = (name: "full" | "lora", form: AnswerForm): Family => ({
  async train(rows, { base, merge, seed, threads, epochs, place, onEpoch, settings: given }, watch = {}) {
    if (base?.kind !== "encoder")
      throw new UserError(`Fine-tuning needs a pretrained encoder: name one with ${option("base")}.`);
    const { encoder } = base;
    const own = settingsSchema.parse(given ?? {});
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
    const vectors = openVectors(kind, encoder, threads);
    const lastLayer = await trainLastLayer(
      kind,
      vectors,
      rows,
      settings.lastLayer,
      { seed, threads, place, vectors: "vectors of the base" },
      watch,
    ).finally(() => vectors.close());

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
        ...((epochs ?? own.epochs) !== undefined && { epochs: epochs ?? own.epochs }),
        ...(own.learningRate && { optimizer: { ...settings.training.optimizer, learningRate: own.learningRate } }),
        ...{ seed, threads, place, onEpoch },
        start: numbersOf(known),
        frozen: lowRank && frozenParts(encoder.weights),
        rateScale: (parameter) => settings.rateScale(depthInEncoder(encoder.shape, parameter)),
      },
      watch,
    );
  },

  load: (files, { threads }) => loadTunedEncoder(name, form, files, threads),
});

const settingsSchema = z.strictObject({ epochs: z.int().min(1), learningRate: z.number().positive() }).partial();

/** All of the base. */
function frozenParts(weights: NetworkWeights): Set<string> {
  return new Set([...weights.keys()].filter((name) => !isLowRankPart(name)));
}
