// Trains a network on encoded texts: batches by length, class weights, early stopping on validation rows.
import type { Watch } from "../base/progress.js";
import { mixSeed } from "../base/random.js";
import { crossEntropy, input, softmax } from "../graph/index.js";
import { graphBuild, initialValues } from "../nn/index.js";
import { learningRateAt, type OptimizerOptions } from "../optim/index.js";
import { compileForward, compileStep, createExecutor, type Feeds, type Results } from "../runtime/index.js";
import { type EpochFigures, type TrainingBatch, type TrainingOutcome, train } from "../train/index.js";
import { type LengthBatch, lengthBatches } from "./encoded-texts/index.js";
import type { TextNetwork } from "./network.js";
import type { NetworkWeights } from "./network-weights.js";

export interface EncodedRows {
  /** Token ids of each text, at least one, at most the network's maxLength. */
  ids: readonly ArrayLike<number>[];
  labels: Int32Array;
}

export interface NetworkTraining {
  epochs: number;
  /** Only so many of them are run; the learning rate falls as though all were. */
  stopAfter?: number;
  batchSize: number;
  optimizer: OptimizerOptions;
  warmupShare: number;
  /** Epochs without a better validation figure that are waited for, where validation rows are enough to tell. */
  patience: number;
  /** Weight of each class's rows. */
  classWeights: Float32Array;
  seed: number;
  threads?: number;
  /** Values to start from by parameter, instead of random ones. */
  start?: ReadonlyMap<string, Float32Array>;
  /** Parameters that stay as they start. */
  frozen?: ReadonlySet<string>;
  /** What multiplies the learning rate of a parameter. Default 1. */
  rateScale?(parameter: string): number;
}

export interface TrainedNetwork {
  weights: NetworkWeights;
  history: EpochFigures[];
  stopped: TrainingOutcome["stopped"];
  keptEpoch: number;
  /** Why that one: it was best on the validation rows, or they are too few to tell. */
  kept: "best" | "last";
}

/** Shards of a batch: two sessions side by side use two cores, and half a batch costs half the time. */
const shardCount = 2;

/**
 * Fewer validation rows do not tell a better epoch from a lucky one: then all epochs are run and the last is kept. Of 40
 * rows, the epoch that did best on them was 2 points worse on unseen rows than the last.
 */
const fewestJudges = 150;

export async function trainTextNetwork(
  network: TextNetwork,
  rows: { training: EncodedRows; validation?: EncodedRows },
  options: NetworkTraining,
  watch: Watch = {},
): Promise<TrainedNetwork> {
  const { batchSize, seed, optimizer, epochs } = options;
  const specs = specsOf(network);
  const executor = await createExecutor({
    parameters: specs.map(({ name, shape, initializer }) => ({
      name,
      shape,
      data: options.start?.get(name) ?? initialValues(initializer, shape, name, seed),
      rateScale: options.rateScale?.(name),
      trainable: !options.frozen?.has(name),
    })),
    optimizer,
    shards: shardCount,
    threads: options.threads,
    seed,
  });
  try {
    const { training, validation } = rows;
    const kept = validation === undefined || validation.ids.length < fewestJudges ? "last" : "best";
    const shownEpochs = Math.min(epochs, options.stopAfter ?? epochs);
    const lengths = training.ids.map(({ length }) => length);
    const steps = lengthBatches(lengths, batchSize, seed).length;
    const schedule = {
      kind: "linear" as const,
      totalSteps: epochs * steps,
      warmupSteps: Math.round(options.warmupShare * epochs * steps),
    };
    const rowsPerShard = Math.ceil(batchSize / shardCount);
    async function evaluateOn(validation: EncodedRows) {
      let [loss, correct] = [0, 0];
      const ones = new Float32Array(network.classes).fill(1);
      const own = validation.ids.map(({ length }) => length);
      for (const batch of lengthBatches(own, batchSize, null, network.maxLength)) {
        const { shards } = makeShards(validation, batch, rowsPerShard, ones);
        const build = () => {
          const { loss: sum, outputs } = shardGraph(network, rowsPerShard, batch.length, false);
          return compileForward({ ...outputs, loss: sum });
        };
        const results = await executor.forward(`look ${batch.length}`, build, shards);
        for (const { loss: part } of results) loss += Number(part[0]) * batch.rows.length;
        correct += accuracyOf(validation, batch, results, network.classes) * batch.rows.length;
      }
      return { loss: loss / validation.ids.length, accuracy: correct / validation.ids.length };
    }
    const loop = train<TrainingBatch & { batch: LengthBatch }>({
      executor,
      epochs: shownEpochs,
      steps,
      signal: watch.signal,
      *batches(epoch) {
        for (const batch of lengthBatches(lengths, batchSize, mixSeed(seed, epoch), network.maxLength))
          yield {
            batch,
            key: `step ${batch.length}`,
            build: () =>
              compileStep({ ...shardGraph(network, rowsPerShard, batch.length, true), frozen: options.frozen }),
            ...makeShards(training, batch, rowsPerShard, options.classWeights),
          };
      },
      learningRate: (step) => learningRateAt(schedule, optimizer.learningRate ?? 1e-3, step),
      measure: ({ batch }, outputs) => ({ accuracy: accuracyOf(training, batch, outputs, network.classes) }),
      evaluate: validation && (() => evaluateOn(validation)),
      earlyStopping:
        kept === "last" ? undefined : { monitor: "accuracy", higherIsBetter: true, patience: options.patience },
    });
    const history: EpochFigures[] = [];
    for (;;) {
      const { value, done } = await loop.next();
      if (done) {
        const weights = new Map(
          specs.map(({ name, shape }) => [name, { shape, data: executor.parameters().get(name)!.slice() }]),
        );
        return { weights, history, stopped: value.stopped, keptEpoch: value.keptEpoch, kept };
      }
      if (value.kind === "epoch") history.push(value);
      // At the end of an epoch the figure is its own, so that the last one told is the one that is reported.
      const at = value.kind === "epoch" ? (value.epoch + 1) * steps : value.epoch * steps + value.step;
      const { loss } = value.kind === "epoch" ? value.training : value.figures;
      const accuracy = validation && keptAccuracy(history, kept);
      const figure = accuracy === undefined ? "" : `, validation accuracy ${(100 * accuracy).toFixed(1)} %`;
      const note = `loss ${loss.toFixed(3)}${figure}`;
      watch.onProgress?.({ stage: network.name, done: at, total: shownEpochs * steps, note });
    }
  } finally {
    await executor.close();
  }
}

/** Of the epoch that would be kept if training ended now: the best where that is looked for, or else the last. */
function keptAccuracy(history: readonly EpochFigures[], kept: "best" | "last"): number | undefined {
  const accuracies = history.map(({ validation }) => validation.accuracy);
  return kept === "best" && accuracies.length > 0 ? Math.max(...accuracies) : accuracies.at(-1);
}

function specsOf(network: TextNetwork) {
  const ids = input("ids", [1, 8], "int32");
  return network.build(ids, input("mask", [1, 8]), graphBuild(false)).parameters;
}

/** One shard's loss and probabilities. Weights (rows) are normalised over the batch; a row of padding weighs 0. */
function shardGraph(network: TextNetwork, rows: number, length: number, training: boolean) {
  const ids = input("ids", [rows, length], "int32");
  const { logits } = network.build(ids, input("mask", [rows, length]), graphBuild(training));
  const loss = crossEntropy(logits, input("labels", [rows], "int32"), input("weights", [rows]));
  return { loss, outputs: { probabilities: softmax(logits) } };
}

function makeShards(
  rows: EncodedRows,
  { rows: numbers, length }: LengthBatch,
  perShard: number,
  classWeights: Float32Array,
) {
  let weight = 0;
  for (const row of numbers) weight += classWeights[rows.labels[row]];
  const shards: Feeds[] = [];
  for (let shard = 0; shard < shardCount; shard++) {
    const ids = new Int32Array(perShard * length);
    const mask = new Float32Array(perShard * length);
    const labels = new Int32Array(perShard);
    const weights = new Float32Array(perShard);
    for (let i = 0; i < perShard; i++) {
      const row = numbers[shard * perShard + i];
      if (row === undefined) continue;
      ids.set(rows.ids[row], i * length);
      mask.fill(1, i * length, i * length + rows.ids[row].length);
      labels[i] = rows.labels[row];
      weights[i] = classWeights[rows.labels[row]] / weight;
    }
    shards.push({ ids, mask, labels, weights });
  }
  return { shards, rows: numbers.length, weight };
}

function accuracyOf(rows: EncodedRows, batch: LengthBatch, outputs: readonly Results[], classes: number): number {
  const perShard = outputs[0].probabilities.length / classes;
  let correct = 0;
  for (const [i, row] of batch.rows.entries()) {
    const probabilities = outputs[Math.floor(i / perShard)].probabilities as Float32Array;
    const from = (i % perShard) * classes;
    let best = 0;
    for (let c = 1; c < classes; c++) if (probabilities[from + c] > probabilities[from + best]) best = c;
    if (best === rows.labels[row]) correct++;
  }
  return correct / batch.rows.length;
}
