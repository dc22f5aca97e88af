// The last layer of a tuned encoder, by itself.
import type { Watch } from "../../base/progress.js";
import type { TextEncoder } from "../../networks/encoders/index.js";
import { type Head, type NetworkWeights, type TextNetwork, trainTextNetwork } from "../../networks/index.js";
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
  const network: TextNetwork = vectorNetwork({ rows: texts.length, dim: encoder.dim, width, dropout }, "last layer");
  const encoded = ({ texts, targets }: TaskRows, from: number) => ({
    ids: texts.map((_, row) => Int32Array.of(from + row)),
    targets,
  });
  const { weights } = await trainTextNetwork(
    network,
    head,
    {
      training: encoded(training, 0),
      ...(validation && { validation: encoded(validation, training.texts.length) }),
    },
    {
      ...settings,
      ...{ seed, threads },
      start: new Map([[vectorTable, vectors]]),
      frozen: new Set([vectorTable]),
      place: stagePlace(place, "last layer"),
    },
    staged(watch, "last layer"),
  );
  return new Map([...weights].filter(([parameter]) => parameter !== vectorTable));
}
