// What all networks that answer texts share: training on ids, and the trained model. Knows no architecture and no task.

import { z } from "zod";
import { CancelledError, UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import type { Watch } from "../../base/progress.js";
import { factsName } from "../../folders/index.js";
import type { NamedArray } from "../../formats/safetensors.js";
import { openTokenScorer, type TokenScorer } from "../../networks/encoded-texts/index.js";
import {
  type AnswerForm,
  type EncodedRows,
  joinTargets,
  monitorOf,
  type NetworkTraining,
  type NetworkWeights,
  type PlannedTraining,
  scoringFlops,
  type TextNetwork,
  type TokenReading,
  textEncoderOnnx,
  textNetworkOnnx,
  textNetworkWeights,
  trainTextNetwork,
} from "../../networks/index.js";
import type { Tokenizer } from "../../text/index.js";
import { stagePlace } from "../../train/index.js";
import type { TextModel, Training, TrainingRows } from "./family.js";

/** What a network needs beside its weights to answer and to be kept. */
export interface NetworkKind {
  network: TextNetwork;
  form: AnswerForm;
  /** Under `model` in the folder's facts, beside the form's amounts. */
  config: object;
  /** One id at least, the network's maxLength at most. */
  idsOf(text: string): Int32Array;
  tokenizer: Tokenizer;
  /** The parameter that holds the vectors of tokens. */
  table: string;
  /** See `TokenReading`. */
  baseline?: TokenReading["baseline"];
}

/**
 * Tokens that a network reads in all epochs at most, to be trained again on the validation rows too. It takes as long once
 * more, which is minutes with long texts; on movie reviews (1.6 million tokens) the CNN gained 1.2 points, on questions none.
 */
export const mostTokensRefitted = 3e6;

/** What is trained, and how it answers. */
export interface TrainedKind {
  network: TextNetwork;
  /** @param weights - of the network */
  open(weights: NetworkWeights): Promise<TextModel>;
}

/** A network that answers by itself. */
export function plainKind(kind: NetworkKind, threads: number): TrainedKind {
  return { network: kind.network, open: (weights) => openNetworkModel(kind, weights, threads) };
}

/**
 * Trains on the training rows, to find the best epoch and to answer the validation rows unseen; where there is not much to
 * read, then on both, up to that epoch.
 *
 * @throws CancelledError when the signal comes before an epoch is over
 */
export async function trainNetworkModel(
  { network, open }: TrainedKind,
  ids: { training: Int32Array[]; validation: Int32Array[] },
  rows: TrainingRows,
  { isTrial = false, ...options }: NetworkTraining & { isTrial?: boolean },
  watch: Watch,
): Promise<Training> {
  const { head } = rows;
  const encoded = encodedRows(ids, rows);
  const judged = await trainTextNetwork(network, head, encoded, options, watch);
  if (judged.history.length === 0)
    throw new CancelledError(`Stopped before the first epoch of ${network.name} was complete.`);
  const first = await open(judged.weights);
  const validation = await first.predict(rows.validation.texts).finally(() => first.close());
  const all = joined(encoded.training, encoded.validation);
  const isRefitted = !isTrial && isReadAgain(all, options) && judged.stopped !== "cancelled";
  const whole = isRefitted
    ? await trainTextNetwork(
        network,
        head,
        { training: all },
        {
          ...options,
          onEpoch: undefined,
          stopAfter: judged.keptEpoch + 1,
          place: stagePlace(options.place, "all rows"),
        },
        staged(watch, `${network.name}, all rows`),
      )
    : undefined;
  const isCancelled = whole?.stopped === "cancelled";
  return {
    model: await open((whole && !isCancelled ? whole : judged).weights),
    validation,
    epochs: judged.history.map(({ training, validation }) => ({
      trainingLoss: training.loss,
      validationLoss: validation.loss,
      validationFigure: validation[monitorOf(head).name],
    })),
    kept: judged.kept,
    keptEpoch: judged.keptEpoch,
    stopped: isCancelled ? "cancelled" : judged.stopped,
  };
}

/** What `trainNetworkModel` will train at most. */
export function planNetworkModel(
  network: TextNetwork,
  ids: { training: Int32Array[]; validation: Int32Array[] },
  rows: TrainingRows,
  options: NetworkTraining,
): PlannedTraining[] {
  const encoded = encodedRows(ids, rows);
  const all = joined(encoded.training, encoded.validation);
  const judged = { network, head: rows.head, rows: encoded, options };
  return isReadAgain(all, options) ? [judged, { ...judged, rows: { training: all } }] : [judged];
}

const isReadAgain = (rows: EncodedRows, { epochs }: NetworkTraining) => tokensRead(rows, epochs) <= mostTokensRefitted;

function joined(a: EncodedRows, b: EncodedRows): EncodedRows {
  return { ids: [...a.ids, ...b.ids], targets: joinTargets(a.targets, b.targets) };
}

function tokensRead({ ids }: EncodedRows, epochs: number): number {
  return epochs * ids.reduce((sum, { length }) => sum + length, 0);
}

/** Progress under another name, without the figure of a network that is not yet the one that is kept. */
export function staged({ signal, onProgress }: Watch, stage: string): Watch {
  const lossAlone = (note?: string) => note?.replace(/, validation .*/, "");
  return {
    signal,
    onProgress: onProgress && ((progress) => onProgress({ ...progress, stage, note: lossAlone(progress.note) })),
  };
}

export function encodedRows(ids: { training: Int32Array[]; validation: Int32Array[] }, rows: TrainingRows) {
  return {
    training: { ids: ids.training, targets: rows.training.targets },
    validation: { ids: ids.validation, targets: rows.validation.targets },
  };
}

/**
 * The graph is built from the network's description and weights, in training as after loading. A folder's model.onnx is for
 * other programs and never run: a graph from a stranger may read files and may never end.
 *
 * @throws UserError when the weights are not those of the network
 */
export async function openNetworkModel(
  { network, form, config, idsOf, tokenizer, table, baseline }: NetworkKind,
  tensors: ReadonlyMap<string, NamedArray>,
  threads: number,
): Promise<TextModel> {
  const weights = textNetworkWeights(network, tensors);
  const onnx = textNetworkOnnx(network, form, weights);
  const scorer = await openTokenScorer(onnx, network.width, threads, form.output);
  /** Opened when it is first asked: most uses want answers alone. */
  let encoder: { dim: number; opened: Promise<TokenScorer> } | undefined;
  const openEncoder = () => {
    const { onnx: graph, size } = textEncoderOnnx(network, weights);
    return { dim: size, opened: openTokenScorer(graph, size, threads, "features") };
  };
  const read = (texts: readonly string[]) => texts.map((text) => idsOf(text));
  return {
    family: network.name,
    width: network.width,
    encoder: {
      get dim() {
        encoder ??= openEncoder();
        return encoder.dim;
      },
      async encode(texts) {
        encoder ??= openEncoder();
        return (await encoder.opened).score(read(texts));
      },
    },
    parameters: [...weights.values()].reduce((sum, { data }) => sum + data.length, 0),
    network() {
      const pieces = (text: string) => tokenizer.encode(text);
      const { unknown } = tokenizer.roles;
      return {
        network,
        weights,
        form,
        table,
        reading: { idsOf, pieces, before: 0, after: 0, prompt: "", unknown, baseline },
      };
    },
    predict: (texts) => scorer.score(read(texts)),
    flops: async (texts) =>
      scoringFlops(
        network,
        read(texts).map(({ length }) => length),
      ),
    files: async () => ({
      config: { ...config, ...(form.amounts && { amounts: form.amounts }) },
      tensors: weights,
      onnx,
      tokenizer: tokenizer.toJson(),
    }),
    async close() {
      await scorer.close();
      await (await encoder?.opened)?.close();
    },
  };
}

export function requireTokenizer(tokenizer: string | undefined): string {
  if (tokenizer === undefined) throw new UserError("tokenizer.json is missing. Copy the whole folder again.");
  return tokenizer;
}

/** The form of a task's answers with the amounts that a folder's network was trained in. @param config under `model` */
export function formWithAmounts(form: AnswerForm, config: unknown): AnswerForm {
  if (form.activation !== "linear") return form;
  const { success, data } = amountsSchema.safeParse(config);
  if (success) return { ...form, amounts: data.amounts };
  throw new UserError(
    `${factsName} has no mean and deviation of the network's numbers under 'model' (amounts): the model was trained by an ` +
      `earlier version of columnist, or is damaged. Train again, with ${option("overwrite")} or another ${option("out")}.`,
  );
}

const amountsSchema = z.object({ amounts: z.object({ mean: z.number(), deviation: z.number().positive() }) });

export function tokensOf(texts: readonly Int32Array[]): number {
  return texts.reduce((sum, { length }) => sum + length, 0);
}
