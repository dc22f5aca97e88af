// What all networks that classify texts share: training on ids, and the trained classifier. Knows no architecture.

import { CancelledError, UserError } from "../../base/errors.js";
import type { Watch } from "../../base/progress.js";
import type { NamedArray } from "../../formats/safetensors.js";
import { openTokenScorer, type TokenScorer } from "../encoded-texts/index.js";
import type { TrainedClassifier, Training, TrainingRows } from "./family.js";
import { encoderOnnx, type Network, type NetworkTraining, networkOnnx, trainNetwork } from "./network/index.js";

/** What a network needs beside its weights to answer and to be kept. */
export interface NetworkKind {
  network: Network;
  /** Under `model` in the folder's facts. */
  config: object;
  /** One id at least, the network's maxLength at most. */
  idsOf(text: string): Int32Array;
  tokenizerJson(): string;
}

/** @throws CancelledError when the signal comes before an epoch is over */
export async function trainNetworkClassifier(
  kind: NetworkKind,
  ids: { training: Int32Array[]; validation: Int32Array[] },
  rows: TrainingRows,
  options: NetworkTraining & { threads: number },
  watch: Watch,
): Promise<Training> {
  const { network } = kind;
  const trained = await trainNetwork(network, encodedRows(ids, rows), options, watch);
  if (trained.history.length === 0)
    throw new CancelledError(`Stopped before the first epoch of ${network.name} was complete.`);
  const onnx = networkOnnx(network, trained.weights);
  const classifier = await openNetworkClassifier(kind, { onnx, tensors: trained.weights }, options.threads);
  return {
    classifier,
    validation: await classifier.predict(rows.validation.texts),
    epochs: trained.history.map(({ training, validation }) => ({
      trainingLoss: training.loss,
      validationLoss: validation.loss,
      validationAccuracy: validation.accuracy,
    })),
    keptEpoch: trained.keptEpoch,
    kept: trained.kept,
    stopped: trained.stopped,
  };
}

export function encodedRows(ids: { training: Int32Array[]; validation: Int32Array[] }, rows: TrainingRows) {
  return {
    training: { ids: ids.training, labels: rows.training.labels },
    validation: { ids: ids.validation, labels: rows.validation.labels },
  };
}

/** @throws UserError when the network's file is damaged */
export async function openNetworkClassifier(
  { network, config, idsOf, tokenizerJson }: NetworkKind,
  { onnx, tensors }: { onnx: Uint8Array; tensors: ReadonlyMap<string, NamedArray> },
  threads: number,
): Promise<TrainedClassifier> {
  const scorer = await openTokenScorer(onnx, network.classes, threads).catch((error: unknown) => {
    throw new UserError("model.onnx is damaged: ONNX Runtime cannot read it. Copy the folder again or train again.", {
      cause: error,
    });
  });
  /** Opened when it is first asked: most uses want answers alone. */
  let encoder: { dim: number; opened: Promise<TokenScorer> } | undefined;
  const openEncoder = () => {
    const { onnx: graph, size } = encoderOnnx(network, tensors);
    return { dim: size, opened: openTokenScorer(graph, size, threads, "features") };
  };
  const read = (texts: readonly string[]) => texts.map((text) => idsOf(text));
  return {
    family: network.name,
    classes: network.classes,
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
    parameters: [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0),
    predict: (texts) => scorer.score(read(texts)),
    files: async () => ({ config, tensors, onnx, tokenizer: tokenizerJson() }),
    async close() {
      await scorer.close();
      await (await encoder?.opened)?.close();
    },
  };
}

/** The files of a network's folder that its loading cannot do without. */
export function requireFiles({ tokenizer, onnx }: { tokenizer?: string; onnx?: Uint8Array }) {
  if (tokenizer === undefined) throw new UserError("tokenizer.json is missing. Copy the whole folder again.");
  if (onnx === undefined) throw new UserError("model.onnx is missing. Copy the whole folder again.");
  return { tokenizer, onnx };
}

export function tokensOf(texts: readonly Int32Array[]): number {
  return texts.reduce((sum, { length }) => sum + length, 0);
}
