// Trains a network for language modelling: one step at a time, on batches that the step's number decides. What it holds
// can be taken out and put back, so that a run goes on with the same bits. Knows token ids, no text.
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { createRandom, mixSeed, type Random } from "../../base/random.js";
import { learningRateAt, type OptimizerOptions, resolveOptimizer, type Schedule } from "../../optim/index.js";
import { createExecutor, type Executor, type Feeds, type Results } from "../../runtime/index.js";
import {
  type BatchPlan,
  evenBlocks,
  maskBatch,
  maskedBatches,
  parallelStreams,
  shuffledBlocks,
  type TokenBatch,
  type TokenBatches,
  type TokenSource,
} from "../../tokens/index.js";
import { arraysOf, executorState, restoreExecutor, type TrainerState } from "../../train/index.js";
import type { NetworkWeights } from "../network-weights.js";
import { type FirstTokenVectors, initialLanguageParameters } from "./network-parameters.js";
import type { LanguageNetworkShape } from "./shape.js";
import { evaluationGraph, type ShardSize, stateShapes, trainingGraph } from "./training-graphs.js";

export interface TrainerOptions {
  /** Sequences of one step. */
  sequences: number;
  optimizer: OptimizerOptions;
  schedule: Schedule;
  labelSmoothing: number;
  /** The id that hides tokens, for the masked objective, and the first id that is no special token. */
  mask?: { maskId: number; firstWord: number };
  /** Default: small random numbers. */
  tokens?: FirstTokenVectors;
  seed: number;
  threads?: number;
}

export interface Trainer {
  /** Steps done. */
  readonly done: number;
  readonly sequences: number;
  /** Tokens of one step. */
  readonly tokens: number;
  /** One step; gives the mean loss of its tokens in nats. */
  step(): Promise<number>;
  /** The learning rates of the steps from here on. */
  reschedule(schedule: Schedule): void;
  /** Mean loss of validation tokens in nats, of so many at most. Default: all. */
  evaluate(tokens?: number): Promise<number>;
  /** Live arrays, "carried/shard/…" among them: write them away before the next step. */
  state(): TrainerState;
  restore(state: TrainerState): void;
  weights(): NetworkWeights;
  close(): Promise<void>;
}

/** Share of an LSTM's stretches that begin with an empty state, as every text does that is read or written by itself. */
const forgottenShare = 0.1;
/** Tokens of a shard at most: its activations stay small, and small shards cost nothing. */
const shardTokens = 2048;

/**
 * @throws UserError when there are too few tokens
 * @example
 * const trainer = await createTrainer(shape, { training, validation }, options);
 * while (trainer.done < 1000) await trainer.step();
 */
export async function createTrainer(
  shape: LanguageNetworkShape,
  tokens: { training: TokenSource; validation: TokenSource },
  options: TrainerOptions,
): Promise<Trainer> {
  const { contextLength: length } = shape;
  const { seed, mask } = options;
  let { schedule } = options;
  // Computed side by side.
  const lanes = 2;
  const shards = lanes * Math.ceil((options.sequences * length) / (lanes * shardTokens));
  const sequences = Math.ceil(options.sequences / shards) * shards;
  const size = { sequences: sequences / shards, length };
  const carries = shape.family === "lstm";
  checkTokens(tokens, shape, sequences);
  const batches = batchesOf(tokens.training, carries, { sequences, length, seed: mixSeed(seed, 1) }, shape, mask);
  const optimizer = resolveOptimizer(options.optimizer);
  const parameters = initialLanguageParameters(shape, seed, options.tokens);
  const { threads } = options;
  const executor = await createExecutor({ parameters, optimizer, shards: lanes, threads, seed: mixSeed(seed, 2) });
  const evaluation = createEvaluation(executor, shape, tokens.validation, options);
  const states = stateShapes(shape, size.sequences);
  const zeros = (): Float32Array[] => states.map(({ shape }) => new Float32Array(shape[0] * shape[1]));
  let carried = Array.from({ length: shards }, zeros);
  let done = 0;

  return {
    get done() {
      return done;
    },
    sequences,
    tokens: sequences * length,
    async step() {
      const batch = batches(done);
      if (batch.isStart) carried = Array.from({ length: shards }, zeros);
      else if (carries) forget(carried, size.sequences, createRandom(mixSeed(seed, 3, done)));
      const weight = batch.counts.reduce((sum, count) => sum + count, 0);
      const feeds = carried.map((state, shard) => ({
        ...shardOf(batch, shard, size.sequences * length, weight),
        ...Object.fromEntries(states.map(({ name }, i) => [name, state[i]])),
      }));
      const learningRate = learningRateAt(schedule, optimizer.learningRate, done);
      const build = () => trainingGraph(shape, size, options.labelSmoothing);
      const { loss, outputs } = await executor.step("step", build, feeds, { learningRate });
      if (!Number.isFinite(loss))
        throw new UserError(
          `The loss became ${loss} in step ${done + 1}, so training stopped. Try a smaller learning rate than ` +
            `${optimizer.learningRate}.`,
        );
      carried = outputs.map((results) => states.map(({ name }) => results[`next ${name}`] as Float32Array));
      done++;
      return loss;
    },
    reschedule(wanted) {
      schedule = wanted;
    },
    evaluate: evaluation,
    state() {
      const { step, arrays } = executorState(executor);
      for (const [shard, state] of carried.entries())
        for (const [i, { name }] of states.entries()) arrays.set(`carried/${shard}/${name}`, state[i]);
      return { step, arrays };
    },
    restore(state) {
      restoreExecutor(executor, state);
      const kept = arraysOf<Float32Array>(state.arrays, "carried");
      carried = carried.map((state, shard) => states.map(({ name }, i) => kept.get(`${shard}/${name}`) ?? state[i]));
      done = state.step;
    },
    weights: () =>
      new Map(parameters.map(({ name, shape }) => [name, { shape, data: executor.parameters().get(name)!.slice() }])),
    close: () => executor.close(),
  };
}

/** Empties the state of some sequences. @param carried - of each shard the arrays (units, sequences) */
function forget(carried: Float32Array[][], sequences: number, random: Random): void {
  for (const state of carried)
    for (let sequence = 0; sequence < sequences; sequence++)
      if (random.float() < forgottenShare)
        for (const values of state) for (let i = sequence; i < values.length; i += sequences) values[i] = 0;
}

function batchesOf(
  source: TokenSource,
  carries: boolean,
  plan: BatchPlan,
  { vocabSize }: LanguageNetworkShape,
  mask: TrainerOptions["mask"],
): TokenBatches {
  if (carries) return parallelStreams(source, plan);
  const blocks = shuffledBlocks(source, plan);
  return mask ? maskedBatches(blocks, { ...mask, vocabSize, seed: plan.seed }) : blocks;
}

function shardOf({ ids, targets, counts }: TokenBatch, shard: number, size: number, weight: number): Feeds {
  const [from, to] = [shard * size, (shard + 1) * size];
  return {
    ids: ids.slice(from, to),
    targets: targets.slice(from, to),
    weights: counts.slice(from, to).map((count) => count / weight),
  };
}

/** Blocks from evenly spread places; LSTMs read each from an empty state, but its first quarter does not count. */
function createEvaluation(
  executor: Executor,
  shape: LanguageNetworkShape,
  source: TokenSource,
  { mask, seed }: TrainerOptions,
): Trainer["evaluate"] {
  const { contextLength: length } = shape;
  const size = { sequences: Math.max(1, Math.floor(shardTokens / length)), length };
  return async (tokens = Number.POSITIVE_INFINITY) => {
    const blocks = evenBlocks(source, length, Math.max(1, Math.floor(tokens / length)));
    const { feeds, total } = evaluationFeeds(shape, size, blocks, { mask, seed });
    const results: Results[] = await executor.forward("evaluation", () => evaluationGraph(shape, size), feeds);
    return results.reduce((sum, { loss }) => sum + Number(loss[0]), 0) / total;
  };
}

/** `total`: tokens that count. */
function evaluationFeeds(
  shape: LanguageNetworkShape,
  { sequences: perShard, length }: ShardSize,
  blocks: ReturnType<typeof evenBlocks>,
  { mask, seed }: Pick<TrainerOptions, "mask" | "seed">,
): { feeds: Feeds[]; total: number } {
  const { vocabSize } = shape;
  const uncounted = shape.family === "lstm" ? Math.floor(length / 4) : 0;
  const feeds: Feeds[] = [];
  let total = 0;
  for (let first = 0; first < blocks.length; first += perShard) {
    const batch: TokenBatch = {
      ids: new Int32Array(perShard * length),
      targets: new Int32Array(perShard * length),
      counts: new Float32Array(perShard * length),
      isStart: true,
    };
    for (const [row, { ids }] of blocks.slice(first, first + perShard).entries()) {
      const known = ids.length - 1;
      batch.ids.set(ids.subarray(0, known), row * length);
      batch.targets.set(ids.subarray(1), row * length);
      batch.counts.fill(1, row * length + Math.min(uncounted, known - 1), row * length + known);
    }
    const shown = mask ? maskBatch(batch, { ...mask, vocabSize, seed }, first) : batch;
    total += shown.counts.reduce((sum, count) => sum + count, 0);
    feeds.push({
      ...shardOf(shown, 0, perShard * length, 1),
      ...Object.fromEntries(
        stateShapes(shape, perShard).map(({ name, shape }) => [name, new Float32Array(shape[0] * shape[1])]),
      ),
    });
  }
  return { feeds, total };
}

function checkTokens(
  { training, validation }: { training: TokenSource; validation: TokenSource },
  { contextLength, family }: LanguageNetworkShape,
  sequences: number,
): void {
  const needed = (family === "lstm" ? sequences : 1) * (contextLength + 1) + 1;
  if (training.length < needed)
    throw new UserError(
      `The text to train on has ${training.length} tokens; with a context of ${contextLength} at least ${needed} are ` +
        `needed. Provide more text, or lower ${option("context")}.`,
    );
  if (validation.length < 2)
    throw new UserError(`The held-out text has ${validation.length} tokens, too few for validation.`);
}
