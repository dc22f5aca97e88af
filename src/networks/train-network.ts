// Trains a network on encoded texts: batches by length, weights of rows, early stopping on validation rows. Knows no task:
// the head says what is learned.
import type { Watch } from "../base/progress.js";
import { mixSeed } from "../base/random.js";
import { input } from "../graph/index.js";
import { graphBuild, initialValues, lossOf } from "../nn/index.js";
import { learningRateAt, type OptimizerOptions } from "../optim/index.js";
import {
  compileForward,
  compileStep,
  createExecutor,
  type Executor,
  type Feeds,
  type Results,
} from "../runtime/index.js";
import {
  type CheckpointPlace,
  type EpochFigures,
  epochsOf,
  newestCheckpoint,
  type TrainingBatch,
  type TrainingOutcome,
  trainEpochs,
} from "../train/index.js";
import { type LengthBatch, lengthBatches } from "./encoded-texts/index.js";
import { fewestJudges } from "./fewest-judges.js";
import { activated, answersOf, type Head, type HeadFigure, monitorOf, targetFeed } from "./head.js";
import { outputBiasName, type TextNetwork } from "./network.js";
import type { NetworkWeights } from "./network-weights.js";
import type { Targets } from "./targets.js";

export interface EncodedRows {
  /** Token ids of each text, at least one, at most the network's maxLength. */
  ids: readonly ArrayLike<number>[];
  targets: Targets;
}

/** Hears of each epoch as it ends. @param epoch counts from 1, of `epochs` at most */
export type EpochListener = (epoch: number, epochs: number, figures: EpochFigures) => void;

export interface NetworkTraining {
  epochs: number;
  /** Only so many of them are run; the learning rate falls as though all were. */
  stopAfter?: number;
  batchSize: number;
  optimizer: OptimizerOptions;
  warmupShare: number;
  /** Epochs without a better validation figure that are waited for, where validation rows are enough to tell. */
  patience: number;
  seed: number;
  threads?: number;
  /** Values to start from by parameter, instead of random ones. */
  start?: ReadonlyMap<string, Float32Array>;
  /** Parameters that stay as they start. */
  frozen?: ReadonlySet<string>;
  /** What multiplies the learning rate of a parameter. Default 1. */
  rateScale?(parameter: string): number;
  /** Where checkpoints are kept, and where training goes on if there are some. */
  place?: CheckpointPlace;
  onEpoch?: EpochListener;
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
export const shardCount = 2;

/** Rows of a shard, the last one's padding included. */
export const rowsOfShard = (batchSize: number) => Math.ceil(batchSize / shardCount);

/** Runs the steps of `network`, whose parameters have their first values. */
export function openNetworkExecutor(network: TextNetwork, head: Head, options: NetworkTraining): Promise<Executor> {
  const { seed, optimizer, threads } = options;
  return createExecutor({
    parameters: plannedParameters(network, options).map((parameter) => {
      const { name, shape, initializer } = parameter;
      const given = options.start?.get(name) ?? (name === outputBiasName ? head.start : undefined);
      return { ...parameter, data: given ?? initialValues(initializer, shape, name, seed) };
    }),
    optimizer,
    shards: shardCount,
    threads,
    seed,
  });
}

export function plannedParameters(network: TextNetwork, { rateScale, frozen }: Partial<NetworkTraining>) {
  return specsOf(network).map(({ name, shape, initializer }) => ({
    name,
    shape,
    initializer,
    rateScale: rateScale?.(name),
    trainable: !frozen?.has(name),
  }));
}

export async function trainTextNetwork(
  network: TextNetwork,
  head: Head,
  rows: { training: EncodedRows; validation?: EncodedRows },
  options: NetworkTraining,
  watch: Watch = {},
): Promise<TrainedNetwork> {
  const { batchSize, seed, optimizer, epochs, place } = options;
  const before = place && newestCheckpoint(place);
  const specs = specsOf(network);
  const executor = await openNetworkExecutor(network, head, options);
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
    const rowsPerShard = rowsOfShard(batchSize);
    const { figure, overall, width } = head;
    const monitor = monitorOf(head);
    const graphOf = (length: number, training: boolean) => shardGraph(network, head, rowsPerShard, length, training);
    async function evaluateOn(validation: EncodedRows) {
      let [loss, total] = [0, 0];
      const answers = overall && new Float32Array(validation.ids.length * width);
      const own = validation.ids.map(({ length }) => length);
      for (const batch of lengthBatches(own, batchSize, null, network.maxLength)) {
        const { shards } = makeShards(head, validation, batch, rowsPerShard, false);
        const build = () => {
          const { loss: sum, outputs } = graphOf(batch.length, false);
          return compileForward({ ...outputs, loss: sum });
        };
        const results = await executor.forward(`look ${batch.length}`, build, shards);
        for (const { loss: part } of results) loss += Number(part[0]) * batch.rows.length;
        const own = rowsOf(results, batch, width);
        total += figure.of(validation.targets, batch.rows, own) * batch.rows.length;
        for (const [i, row] of answers ? batch.rows.entries() : [])
          answers!.set(own.subarray(i * width, (i + 1) * width), row * width);
      }
      return {
        loss: loss / validation.ids.length,
        [figure.name]: total / validation.ids.length,
        ...(overall && { [overall.name]: overall.of(answers!) }),
      };
    }
    if (before) place.say(`resuming after step ${before.state.step} of ${shownEpochs * steps}.`);
    const loop = trainEpochs<TrainingBatch & { batch: LengthBatch }>({
      executor,
      epochs: shownEpochs,
      steps,
      signal: watch.signal,
      ...{ place, before },
      *batches(epoch, from) {
        const all = lengthBatches(lengths, batchSize, mixSeed(seed, epoch), network.maxLength);
        for (const batch of all.slice(from))
          yield {
            batch,
            key: `step ${batch.length}`,
            build: () => compileStep({ ...graphOf(batch.length, true), frozen: options.frozen }),
            ...makeShards(head, training, batch, rowsPerShard, true),
          };
      },
      learningRate: (step) => learningRateAt(schedule, optimizer.learningRate ?? 1e-3, step),
      measure: ({ batch }, outputs) => ({
        [figure.name]: figure.of(training.targets, batch.rows, rowsOf(outputs, batch, head.width)),
      }),
      evaluate: validation && (() => evaluateOn(validation)),
      earlyStopping:
        kept === "last"
          ? undefined
          : { monitor: monitor.name, higherIsBetter: monitor.higherIsBetter, patience: options.patience },
    });
    const history = epochsOf(before?.history ?? []);
    for (;;) {
      const { value: event, done } = await loop.next();
      if (done) {
        const weights = new Map(
          specs.map(({ name, shape }) => [name, { shape, data: executor.parameters().get(name)!.slice() }]),
        );
        return { weights, history: event.epochs, stopped: event.stopped, keptEpoch: event.keptEpoch, kept };
      }
      if (event.kind === "epoch") {
        history.push(event);
        options.onEpoch?.(event.epoch + 1, shownEpochs, event);
      }
      // At the end of an epoch the figure is its own, so that the last one told is the one that is reported.
      const at = event.kind === "epoch" ? (event.epoch + 1) * steps : event.epoch * steps + event.step;
      const { loss } = event.kind === "epoch" ? event.training : event.figures;
      const value = validation && keptFigure(history, kept, monitor);
      const shown = value === undefined ? "" : `, validation ${monitor.name} ${showValue(value, monitor)}`;
      const note = `loss ${loss.toFixed(3)}${shown}`;
      watch.onProgress?.({ stage: network.name, done: at, total: shownEpochs * steps, note });
    }
  } finally {
    await executor.close();
  }
}

function showValue(value: number, { isShare }: Pick<HeadFigure, "isShare">): string {
  return isShare ? `${(100 * value).toFixed(1)} %` : value.toPrecision(4);
}

/** Of the epoch that would be kept if training ended now: the best where that is looked for, or else the last. */
function keptFigure(
  history: readonly EpochFigures[],
  kept: "best" | "last",
  { name, higherIsBetter }: Pick<HeadFigure, "name" | "higherIsBetter">,
): number | undefined {
  const values = history.map(({ validation }) => validation[name]);
  if (kept === "last" || values.length === 0) return values.at(-1);
  return higherIsBetter ? Math.max(...values) : Math.min(...values);
}

function specsOf(network: TextNetwork) {
  const length = Math.min(8, network.maxLength);
  const ids = input("ids", [1, length], "int32");
  return network.build(ids, input("mask", [1, length]), graphBuild(false)).parameters;
}

/** One shard's loss and answers. Weights (rows) are normalised over the batch; a row of padding weighs 0. */
export function shardGraph(network: TextNetwork, head: Head, rows: number, length: number, training: boolean) {
  const ids = input("ids", [rows, length], "int32");
  const { logits } = network.build(ids, input("mask", [rows, length]), graphBuild(training));
  const { build, target } = lossOf(head.loss);
  const { shape, dtype } = target([rows, head.width]);
  const loss = build(activated(head, logits), input("targets", shape, dtype), input("weights", [rows]));
  return { loss, outputs: { answers: answersOf(head, logits) } };
}

export function makeShards(
  head: Head,
  { ids: texts, targets }: EncodedRows,
  { rows: numbers, length }: LengthBatch,
  perShard: number,
  isWeighted: boolean,
) {
  const weightOf = (row: number) => (isWeighted ? (head.weightOf?.(targets, row) ?? 1) : 1);
  let weight = 0;
  for (const row of numbers) weight += weightOf(row);
  const shards: Feeds[] = [];
  for (let shard = 0; shard < shardCount; shard++) {
    const own = numbers.subarray(shard * perShard, (shard + 1) * perShard);
    const ids = new Int32Array(perShard * length);
    const mask = new Float32Array(perShard * length);
    const weights = new Float32Array(perShard);
    for (const [i, row] of own.entries()) {
      ids.set(texts[row], i * length);
      mask.fill(1, i * length, i * length + texts[row].length);
      weights[i] = weightOf(row) / weight;
    }
    // A row of padding reads one token, so that every mean is a number.
    for (let i = own.length; i < perShard; i++) mask[i * length] = 1;
    shards.push({ ids, mask, weights, targets: targetFeed(head, targets, own, perShard) });
  }
  return { shards, rows: numbers.length, weight };
}

/** The answers for the batch's rows, without the padding behind them. */
function rowsOf(outputs: readonly Results[], { rows }: LengthBatch, width: number): Float32Array {
  const parts = outputs.map(({ answers }) => answers as Float32Array);
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all.subarray(0, rows.length * width);
}
