// The last layer of a tuned encoder, by itself.
import type { Watch } from "../../base/progress.js";
import { type TextEncoder, vectorSize } from "../../networks/encoders/index.js";
import {
  type Head,
  type NetworkTraining,
  type NetworkWeights,
  type PlannedTraining,
  type TextNetwork,
  trainTextNetwork,
} from "../../networks/index.js";
import { type TuningSettings, vectorNetwork, vectorTable } from "../../networks/tuned-encoder/index.js";
import { stagePlace } from "../../train/index.js";
import type { TaskRows, TrainingOptions } from "./family.js";
import { staged } from "./network-model.js";
import type { TunedKind } from "./tuned-encoder-model.js";

/**
 * The last layer alone, on the vectors that an encoder gives: they are computed once.
 *
 * @param rows.validation - tells the best epoch; without it the last is kept
 * @param options.vectors - what the progress calls them
 */
export async function trainLastLayer(
  { shape: { width, dropout }, reading }: TunedKind,
  encoder: TextEncoder,
  { head, training, validation }: { head: Head; training: TaskRows; validation?: TaskRows },
  settings: TuningSettings["lastLayer"],
  { seed, threads, place, vectors: stage }: Pick<TrainingOptions, "seed" | "threads" | "place"> & { vectors: string },
  watch: Watch,
): Promise<NetworkWeights> {
  const texts = [...training.texts, ...(validation?.texts ?? [])];
  const onTexts = (done: number) => watch.onProgress?.({ stage, done, total: texts.length });
  const prompted = texts.map((text) => reading.prompt + text);
  const { vectors } = await encoder.encode(prompted, { signal: watch.signal, onTexts });
  const { network, rows, options } = lastLayerOf(
    { width, dropout, dim: encoder.dim },
    { training, validation },
    vectors,
    { ...settings, seed, threads, place: stagePlace(place, "last layer") },
  );
  const { weights } = await trainTextNetwork(network, head, rows, options, staged(watch, "last layer"));
  return new Map([...weights].filter(([parameter]) => parameter !== vectorTable));
}

/** What `trainLastLayer` trains, with vectors of zeros. */
export function planLastLayer(
  { shape: { vector, encoder, width, dropout } }: TunedKind,
  rows: { head: Head; training: TaskRows; validation?: TaskRows },
  settings: TuningSettings["lastLayer"],
  { seed, threads }: Pick<TrainingOptions, "seed" | "threads">,
): PlannedTraining {
  const dim = vectorSize(vector, encoder.width);
  const texts = rows.training.texts.length + (rows.validation?.texts.length ?? 0);
  const vectors = new Float32Array(texts * dim);
  return { head: rows.head, ...lastLayerOf({ width, dropout, dim }, rows, vectors, { ...settings, seed, threads }) };
}

function lastLayerOf(
  { dim, width, dropout }: { dim: number; width: number; dropout: number },
  { training, validation }: { training: TaskRows; validation?: TaskRows },
  vectors: Float32Array,
  settings: NetworkTraining,
) {
  const encoded = ({ texts, targets }: TaskRows, from: number) => ({
    ids: texts.map((_, row) => Int32Array.of(from + row)),
    targets,
  });
  return {
    network: vectorNetwork({ rows: vectors.length / dim, dim, width, dropout }, "last layer") as TextNetwork,
    rows: {
      training: encoded(training, 0),
      ...(validation && { validation: encoded(validation, training.texts.length) }),
    },
    options: { ...settings, start: new Map([[vectorTable, vectors]]), frozen: new Set([vectorTable]) },
  };
}
