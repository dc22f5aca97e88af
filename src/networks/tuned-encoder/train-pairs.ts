// Trains what a network sees in texts on pairs of them: texts of one label come near each other, others go apart.
import type { Watch } from "../../base/progress.js";
import { mixSeed } from "../../base/random.js";
import { input } from "../../graph/index.js";
import { graphBuild, initialValues } from "../../nn/index.js";
import { learningRateAt } from "../../optim/index.js";
import { compileForward, compileStep, createExecutor, type Feeds } from "../../runtime/index.js";
import { type EpochFigures, newestCheckpoint, type TrainingBatch, trainEpochs } from "../../train/index.js";
import { roundLength } from "../encoded-texts/length-batches.js";
import { fewestJudges } from "../fewest-judges.js";
import { outputName, type TextNetwork } from "../network.js";
import type { NetworkTraining, TrainedNetwork } from "../train-network.js";
import { pairLoss } from "./pair-loss.js";
import { pairStream, pairsIn, type RowLabels } from "./pair-rows.js";

export interface PairRows {
  /** Token ids of each text, at least one, at most the network's maxLength. */
  ids: readonly ArrayLike<number>[];
  labels: RowLabels;
}

/** Pairs meet within a shard; two shards use two cores. */
const shardCount = 2;
/** The stream of pairs does not end: of many rows, an epoch is as many as tell something new. */
const mostRowsOfEpoch = 4000;

/**
 * An epoch is as many batches as hold every row once, or as many of the rows as make an epoch.
 *
 * @param network - its last layer takes no part
 * @param validation tells the best epoch by the loss of its pairs, where its rows are enough to tell
 */
export async function trainPairs(
  network: TextNetwork,
  { training, validation }: { training: PairRows; validation?: PairRows },
  options: NetworkTraining,
  watch: Watch = {},
): Promise<TrainedNetwork> {
  const { batchSize, seed, optimizer, epochs, place } = options;
  const before = place && newestCheckpoint(place);
  const specs = featureSpecs(network);
  const executor = await createExecutor({
    parameters: specs.map(({ name, shape, initializer }) => ({
      name,
      shape,
      data: options.start?.get(name) ?? initialValues(initializer, shape, name, seed),
      rateScale: options.rateScale?.(name),
    })),
    optimizer,
    shards: shardCount,
    threads: options.threads,
    seed,
  });
  try {
    const kept = validation === undefined || validation.ids.length < fewestJudges ? "last" : "best";
    const shownEpochs = Math.min(epochs, options.stopAfter ?? epochs);
    const steps = stepsFor(training, batchSize);
    const schedule = {
      kind: "linear" as const,
      totalSteps: epochs * steps,
      warmupSteps: Math.round(options.warmupShare * epochs * steps),
    };
    const perShard = Math.ceil(batchSize / shardCount);
    const graphOf = (length: number, isTraining: boolean) => ({
      loss: pairGraph(network, perShard, length, isTraining),
    });
    const next = pairStream(training.labels, mixSeed(seed, 1));
    async function evaluateOn(rows: PairRows) {
      const take = pairStream(rows.labels, mixSeed(seed, 2));
      const count = stepsFor(rows, batchSize);
      let loss = 0;
      for (let step = 0; step < count; step++) {
        const { shards, length } = batchOf(rows, take, step, perShard, network.maxLength);
        const results = await executor.forward(`look ${length}`, () => compileForward(graphOf(length, false)), shards);
        for (const one of results) loss += Number(one.loss[0]) / count;
      }
      return { loss };
    }
    if (before) place.say(`resuming after step ${before.state.step} of ${shownEpochs * steps}.`);
    const loop = trainEpochs<TrainingBatch>({
      executor,
      epochs: shownEpochs,
      steps,
      signal: watch.signal,
      ...{ place, before },
      *batches(epoch, from) {
        for (let step = from; step < steps; step++) {
          const batch = batchOf(training, next, epoch * steps + step, perShard, network.maxLength);
          yield {
            key: `step ${batch.length}`,
            build: () => compileStep(graphOf(batch.length, true)),
            ...{ shards: batch.shards, rows: batchSize, weight: 1 },
          };
        }
      },
      learningRate: (step) => learningRateAt(schedule, optimizer.learningRate ?? 1e-3, step),
      evaluate: validation && (() => evaluateOn(validation)),
      earlyStopping: kept === "last" ? undefined : { monitor: "loss", patience: options.patience },
    });
    const history: EpochFigures[] = [];
    for (;;) {
      const { value: event, done } = await loop.next();
      if (done) {
        const values = executor.parameters();
        const weights = new Map(specs.map(({ name, shape }) => [name, { shape, data: values.get(name)!.slice() }]));
        return { weights, history: event.epochs, stopped: event.stopped, keptEpoch: event.keptEpoch, kept };
      }
      if (event.kind === "epoch") history.push(event);
      const at = event.kind === "epoch" ? (event.epoch + 1) * steps : event.epoch * steps + event.step;
      const { loss } = event.kind === "epoch" ? event.training : event.figures;
      watch.onProgress?.({
        stage: network.name,
        done: at,
        total: shownEpochs * steps,
        note: `loss ${loss.toFixed(3)}`,
      });
    }
  } finally {
    await executor.close();
  }
}

/** The loss of the pairs in a shard. */
export function pairGraph(network: TextNetwork, rows: number, length: number, training: boolean) {
  const ids = input("ids", [rows, length], "int32");
  const { features } = network.build(ids, input("mask", [rows, length]), graphBuild(training));
  return pairLoss(features, input("targets", [rows, rows]), input("weights", [rows, rows]));
}

function featureSpecs(network: TextNetwork) {
  const length = Math.min(8, network.maxLength);
  const ids = input("ids", [1, length], "int32");
  const { parameters } = network.build(ids, input("mask", [1, length]), graphBuild(false));
  return parameters.filter(({ name }) => !name.startsWith(`${outputName}/`));
}

const stepsFor = ({ ids }: PairRows, batchSize: number) => Math.ceil(Math.min(ids.length, mostRowsOfEpoch) / batchSize);

function batchOf(
  { ids: texts, labels }: PairRows,
  take: (from: number, count: number) => Int32Array,
  step: number,
  perShard: number,
  maxLength: number,
): { shards: Feeds[]; length: number } {
  const rows = Array.from({ length: shardCount }, (_, i) => take((step * shardCount + i) * perShard, perShard));
  let longest = 0;
  for (const own of rows) for (const row of own) longest = Math.max(longest, texts[row].length);
  const length = Math.min(maxLength, roundLength(longest));
  const { targets, weights } = pairsIn(rows, labels);
  const shards = rows.map((own, shard): Feeds => {
    const ids = new Int32Array(perShard * length);
    const mask = new Float32Array(perShard * length);
    for (const [i, row] of own.entries()) {
      ids.set(texts[row], i * length);
      mask.fill(1, i * length, i * length + texts[row].length);
    }
    return { ids, mask, targets: targets[shard], weights: weights[shard] };
  });
  return { shards, length };
}
