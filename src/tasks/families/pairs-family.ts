// A pretrained encoder that is tuned on pairs of texts: those with the same label come near each other, others go apart. Then the
// last layer learns on the vectors that it gives (L. Tunstall et al. 2022, arXiv:2209.11055: SetFit).
import { CancelledError, UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { encoderTable } from "../../networks/encoders/index.js";
import { type AnswerForm, type Head, type NetworkWeights, numbersOf, type Targets } from "../../networks/index.js";
import {
  depthInEncoder,
  occurringTokens,
  pairSettings,
  putRows,
  type RowLabels,
  takeRows,
  trainPairs,
  tunedEncoder,
  withoutLastNorm,
} from "../../networks/tuned-encoder/index.js";
import { stagePlace } from "../../train/index.js";
import type { Family, TaskRows } from "./family.js";
import { joinRows } from "./linear-family.js";
import { loadTunedEncoder } from "./load-tuned-encoder.js";
import { mostTokensRefitted, staged, tokensOf } from "./network-model.js";
import { trainLastLayer } from "./train-last-layer.js";
import { openTunedEncoder, openVectors, type TunedKind } from "./tuned-encoder-model.js";
import { readTexts } from "./tuned-encoder-texts.js";

const name = "pairs";

export const pairsFamily = (form: AnswerForm): Family => ({
  async train({ head, ...rows }, { base, seed, threads, epochs, place }, watch = {}) {
    if (base?.kind !== "encoder")
      throw new UserError(`Pairs need a pretrained encoder: specify one with ${option("base")}.`);
    const { encoder } = base;
    const labels = { training: labelsOf(head, rows.training), validation: labelsOf(head, rows.validation) };
    requirePairs(labels.training);
    watch.onProgress?.({ stage: "reading texts", done: 0, total: 1 });
    const { ids, maxLength } = readTexts(encoder, { head, ...rows });
    if (watch.signal?.aborted) throw new CancelledError("Stopped before tuning on pairs started.");

    const { width } = head;
    const { lowercase, tokenizerJson } = encoder;
    const vector = withoutLastNorm(encoder.vector);
    const shape = { encoder: encoder.shape, vector, width, maxLength, dropout: 0 };
    const kind: TunedKind = {
      ...{ family: name, shape, form: head },
      reading: { prompt: encoder.prompts.usual, lowercase, tokenizerJson },
    };
    const { rows: tokens, texts } = occurringTokens([...ids.training, ...ids.validation], encoder.shape.vocabSize);
    const network = tunedEncoder({ ...shape, encoder: { ...encoder.shape, vocabSize: tokens.length } }, name);
    const start = numbersOf(takeRows(encoder.weights, encoderTable, tokens));
    const settings = pairSettings(ids.training.length);
    const options = {
      ...settings.training,
      ...(epochs !== undefined && { epochs }),
      ...{ seed, threads, start },
      rateScale: (parameter: string) => settings.rateScale(depthInEncoder(encoder.shape, parameter)),
    };
    /** The tuned encoder and a last layer that learns on the same rows. What is tuned is not lost to a signal. */
    const completed = async (weights: NetworkWeights, training: TaskRows) => {
      const whole = putRows(weights, encoderTable, tokens, encoder.weights.get(encoderTable)!);
      const vectors = openVectors(kind, { weights: whole }, threads);
      try {
        const stage = { seed, threads: 1, vectors: "vectors of the texts" };
        const { onProgress } = watch;
        const last = await trainLastLayer(kind, vectors, { head, training }, settings.lastLayer, stage, { onProgress });
        return await openTunedEncoder(kind, { weights: new Map([...whole, ...last]) }, threads, undefined, vectors);
      } catch (error) {
        await vectors.close();
        throw error;
      }
    };

    const training = { ids: texts.slice(0, ids.training.length), labels: labels.training };
    const validation = { ids: texts.slice(ids.training.length), labels: labels.validation };
    const own = { ...options, place: stagePlace(place, name) };
    const judged = await trainPairs(network, { training, validation }, own, watch);
    if (judged.history.length === 0) throw new CancelledError("Stopped before the first epoch of pairs was complete.");
    const first = await completed(judged.weights, rows.training);
    try {
      const answers = await first.predict(rows.validation.texts);
      const trained = { model: first, validation: answers, epochs: [], stopped: judged.stopped };
      if (judged.stopped === "cancelled" || tokensOf(texts) * options.epochs > mostTokensRefitted) return trained;
      // Half as much again for rows that were read already; validation rows are among them from here on.
      const again = Math.max(1, Math.round((judged.keptEpoch + 1) / 2));
      const whole = await trainPairs(
        network,
        { training: { ids: texts, labels: [...labels.training, ...labels.validation] } },
        { ...options, epochs: again, start: numbersOf(judged.weights), place: stagePlace(place, "all rows") },
        staged(watch, `${name}, all rows`),
      );
      if (whole.stopped === "cancelled") return { ...trained, stopped: "cancelled" };
      const model = await completed(whole.weights, joinRows(rows.training, rows.validation));
      await first.close();
      return { ...trained, model };
    } catch (error) {
      await first.close();
      throw error;
    }
  },

  load: (files, { threads }) => loadTunedEncoder(name, form, files, threads),
});

/** As numbers; of classes with probabilities the likeliest. */
function labelsOf({ activation }: Head, { targets: { width, values } }: { targets: Targets }): RowLabels {
  return Array.from({ length: values.length / width }, (_, row) => {
    const own = values.subarray(row * width, (row + 1) * width);
    if (width === 1 && activation === "softmax") return [own[0]];
    if (activation === "softmax") return [own.indexOf(Math.max(...own))];
    return [...own.keys()].filter((label) => own[label] === 1);
  });
}

function requirePairs(labels: RowLabels): void {
  const kinds = new Set(labels.map((own) => own.join()));
  if (kinds.size > 1) return;
  throw new UserError(
    `All ${labels.length} training rows have the same label, so no two of them differ: pairs need rows with different ` +
      `labels. Add some, or choose ${option("tune")} vectors.`,
  );
}
