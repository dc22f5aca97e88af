// Trains a model: reads the data, hands batches to the training loop, keeps what it learnt.
import { z } from "zod";
import { UserError } from "../base/errors.js";
import { createRandom, mixSeed } from "../base/random.js";
import { readOptions } from "../nn/index.js";
import { learningRateAt, resolveOptimizer } from "../optim/index.js";
import { createExecutor } from "../runtime/index.js";
import {
  type EarlyStopping,
  type Figures,
  type TrainingBatch,
  type TrainingEvent,
  trainEpochs,
} from "../train/index.js";
import { cutBatches, type DataSet, planShards, type ShardedRows } from "./batches.js";
import { outputLosses } from "./compile-options.js";
import { evaluateRows, measureBatch } from "./evaluate.js";
import { builtPlan, compiledOf, dropSession, type ModelState, parameterInits } from "./model-state.js";
import { readDataSet, splitRows } from "./read-data-set.js";
import type { InputData } from "./read-inputs.js";
import type { TargetData } from "./read-targets.js";
import type { ClassWeight } from "./row-weights.js";
import { stepGraph } from "./step-graphs.js";

export const fitSchema = z.strictObject({
  epochs: z.int().positive().default(1).describe("passes over the rows"),
  batchSize: z.int().positive().default(32).describe("rows per step"),
  shuffle: z.boolean().default(true).describe("shuffle the rows in every epoch, by the model's seed"),
  validationSplit: z.number().gt(0).lt(1).optional().describe("share of the rows to hold out, from the end"),
  threads: z.int().positive().optional().describe("threads in total; by default one per core"),
  shards: z
    .int()
    .positive()
    .optional()
    .describe("parts of a batch that run at the same time; by default 2 for 8 rows or more"),
});

export type FitOptions = z.input<typeof fitSchema> & {
  /** [x, y] or [x, y, sampleWeight]: held-out rows that are evaluated after every epoch. */
  validationData?: readonly [x: InputData, y: TargetData, sampleWeight?: ArrayLike<number>];
  /** Weight of each row; the loss is the weighted mean. */
  sampleWeight?: ArrayLike<number>;
  /** Weight of the rows of each class. */
  classWeight?: ClassWeight;
  /** Ends training when a metric stops improving. */
  earlyStopping?: EarlyStopping;
  /** Learning-rate schedule; totalSteps is the whole run by default. */
  schedule?: { kind: "constant" | "linear" | "cosine"; warmupSteps?: number; totalSteps?: number; finalShare?: number };
  /** Stops at the next step and keeps the parameters. */
  signal?: AbortSignal;
  /** Called after every step and epoch. */
  onEvent?: (event: TrainingEvent) => void;
};

/** As in Keras: one list per metric, one entry per epoch. */
export interface History {
  history: Record<string, number[]>;
  /** The epoch whose parameters the model now has, from 0; −1 if none was finished. */
  keptEpoch: number;
  stopped: "finished" | "early" | "cancelled";
  /** Seconds of each epoch. */
  seconds: number[];
}

type Batch = TrainingBatch & ShardedRows;

export async function fitModel(
  state: ModelState,
  x: InputData,
  y: TargetData,
  given: FitOptions = {},
): Promise<History> {
  const { validationData, sampleWeight, classWeight, earlyStopping, schedule, signal, onEvent, ...rest } = given;
  const {
    epochs,
    batchSize,
    shuffle,
    validationSplit,
    threads,
    shards: shardCount,
  } = readOptions("fit", fitSchema, rest);
  const compiled = compiledOf(state);
  const plan = builtPlan(state);
  if (state.isTraining) throw new UserError("the model is already being trained: wait for the other fit to finish.");
  const losses = outputLosses(plan, compiled);

  let data = readDataSet(plan, losses, x, y, { sampleWeight, classWeight }, { x: "x", y: "y" });
  let validation: DataSet | undefined;
  if (validationData) {
    if (!Array.isArray(validationData) || validationData.length < 2)
      throw new UserError("validationData is [x, y] or [x, y, sampleWeight].");
    const [vx, vy, vw] = validationData;
    const names = { x: "validationData[0]", y: "validationData[1]" };
    validation = readDataSet(plan, losses, vx, vy, { sampleWeight: vw }, names);
  } else if (validationSplit !== undefined) [data, validation] = splitRows(data, validationSplit);

  const inits = parameterInits(state);
  const frozen = new Set(inits.filter(({ trainable }) => trainable === false).map(({ name }) => name));
  const shards = planShards(batchSize, shardCount);
  const { named } = data.inputs;
  const key = `train ${shards.rowsPerShard} ${JSON.stringify(named)}`;
  const withOutputs = compiled.metrics.length > 0;
  const build = () =>
    stepGraph(plan, losses, { rows: shards.rowsPerShard, named, training: true, withOutputs, frozen });
  const steps = Math.ceil(data.inputs.rows / batchSize);
  const firstEpoch = state.epochsDone;
  const baseRate = resolveOptimizer(compiled.optimizer).learningRate;
  const rates = schedule && { totalSteps: epochs * steps, ...schedule };

  const executor = await createExecutor({
    parameters: inits,
    optimizer: compiled.optimizer,
    shards: Math.max(shards.shards, planShards(batchSize).shards),
    threads,
    seed: mixSeed(state.seed, firstEpoch),
  });
  state.isTraining = true;
  try {
    const run = trainEpochs<Batch>({
      executor,
      epochs,
      steps,
      *batches(epoch, from) {
        const order = rowOrder(data.inputs.rows, shuffle, mixSeed(state.seed, 1 + firstEpoch + epoch));
        const rest = order.subarray(from * batchSize);
        for (const batch of cutBatches(data, rest, batchSize, shards)) yield { ...batch, key, build };
      },
      learningRate: rates && ((step) => learningRateAt(rates, baseRate, step)),
      measure: (batch, outputs) => measureBatch(losses, compiled, batch, outputs),
      evaluate: validation && (() => evaluateRows(executor, plan, losses, compiled, validation, batchSize)),
      earlyStopping,
      signal,
    });
    for (;;) {
      const next = await run.next();
      if (!next.done) {
        onEvent?.(next.value);
        continue;
      }
      const { epochs: finished, keptEpoch, stopped } = next.value;
      state.epochsDone += finished.length;
      const values = executor.parameters();
      for (const name of executor.trained) state.parameters.set(name, values.get(name)!.slice());
      await dropSession(state);
      const history = historyOf(finished.map(({ training, validation }) => ({ training, validation })));
      return { history, keptEpoch, stopped, seconds: finished.map(({ seconds }) => seconds) };
    }
  } finally {
    state.isTraining = false;
    await executor.close();
  }
}

function rowOrder(rows: number, shuffle: boolean, seed: number): Int32Array {
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  return shuffle ? createRandom(seed).shuffle(order) : order;
}

/** loss, accuracy, valLoss, valAccuracy. */
function historyOf(epochs: readonly { training: Figures; validation: Figures }[]): Record<string, number[]> {
  const history: Record<string, number[]> = {};
  const push = (name: string, value: number) => {
    history[name] ??= [];
    history[name].push(value);
  };
  for (const { training, validation } of epochs) {
    for (const [name, value] of Object.entries(training)) push(name, value);
    for (const [name, value] of Object.entries(validation)) push(`val${name[0].toUpperCase()}${name.slice(1)}`, value);
  }
  return history;
}
