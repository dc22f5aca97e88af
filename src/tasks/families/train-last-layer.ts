// The last layer of a tuned encoder, by itself.
import type { Watch } from "../../base/progress.js";
import { openTextEncoder } from "../../networks/encoders/index.js";
import { type Head, type NetworkWeights, type TextNetwork, trainTextNetwork } from "../../networks/index.js";
import { type TuningSettings, vectorNetwork, vectorTable } from "../../networks/tuned-encoder/index.js";
import { stagePlace } from "../../train/index.js";
import type { TaskRows, TrainingOptions } from "./family.js";
import { staged } from "./network-model.js";
import type { TunedKind } from "./tuned-encoder-model.js";

/**
 * The last layer alone, on the vectors that an encoder gives: they are computed once.
 *
 * @param weights - of the encoder
 * @param rows.validation - tells the best epoch; without it the last is kept
 * @param options.vectors - what the progress calls them
 */
export async function trainLastLayer(
  { shape, reading }: TunedKind,
  weights: NetworkWeights,
  { head, training, validation }: { head: Head; training: TaskRows; validation?: TaskRows },
  settings: TuningSettings["lastLayer"],
  { seed, threads, place, vectors: stage }: Pick<TrainingOptions, "seed" | "threads" | "place"> & { vectors: string },
  watch: Watch,
): Promise<NetworkWeights> {
  const { encoder: encoderShape, vector, maxLength, width, dropout } = shape;
  const texts = [...training.texts, ...(validation?.texts ?? [])];
  const model = { shape: encoderShape, vector, weights, maxLength, ...reading, encodesEmpty: true };
  const encoder = openTextEncoder(model, threads);
  try {
    const onTexts = (done: number) => watch.onProgress?.({ stage, done, total: texts.length });
    const prompted = texts.map((text) => reading.prompt + text);
    const { vectors } = await encoder.encode(prompted, { signal: watch.signal, onTexts });
    const network: TextNetwork = vectorNetwork({ rows: texts.length, dim: encoder.dim, width, dropout }, "last layer");
    const encoded = ({ texts, targets }: TaskRows, from: number) => ({
      ids: texts.map((_, row) => Int32Array.of(from + row)),
      targets,
    });
    const { weights: trained } = await trainTextNetwork(
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
    return new Map([...trained].filter(([parameter]) => parameter !== vectorTable));
  } finally {
    await encoder.close();
  }
}
