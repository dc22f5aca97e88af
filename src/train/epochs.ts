// Training by epochs: passes over batches, each of which the epoch and its place decide. Knows batches and the executor, no
// model.
import { UserError } from "../base/errors.js";
import type { Executor, Feeds, Results, StepGraph } from "../runtime/index.js";
import { type EarlyStopping, watchBest } from "./early-stopping.js";
import type { Figures, Measured } from "./figures.js";
import { type LoopOptions, runLoop } from "./loop.js";
import type { LookPoint } from "./progress.js";
import { executorState, restoreExecutor, type Trainer } from "./trainer.js";

/** One step's rows, already split into shards. */
export interface TrainingBatch {
  /** Equal keys stand for equal graphs. */
  key: string;
  build(): StepGraph;
  shards: Feeds[];
  /** Rows without padding. */
  rows: number;
  /** Sum of the rows' weights: the loss is a mean over it. */
  weight: number;
}

interface BatchOptions<B extends TrainingBatch> {
  executor: Executor;
  /** Of one epoch: it is the same for all of them. */
  steps: number;
  /** The batches of an epoch (from 0), from one of them on, made as they are needed. */
  batches(epoch: number, from: number): Iterable<B>;
  /** Rate of a step, counted from 0 over the whole run; left out, the optimizer's own. */
  learningRate?(step: number): number;
  /** Mean figures of one batch from the step's outputs, such as its accuracy. */
  measure?(batch: B, outputs: readonly Results[]): Figures;
}

export interface EpochOptions<B extends TrainingBatch>
  extends BatchOptions<B>,
    Pick<LoopOptions, "place" | "before" | "signal"> {
  epochs: number;
  /** Figures on held-out rows after an epoch. */
  evaluate?(): Promise<Figures>;
  /** What "best" is; without it the last epoch is kept. */
  earlyStopping?: EarlyStopping;
}

export interface EpochFigures {
  /** Counts from 0. */
  epoch: number;
  /** Means over the epoch while it ran: loss, and the results of `measure`. */
  training: Figures;
  /** The result of `evaluate`. */
  validation: Figures;
  seconds: number;
}

export type TrainingEvent =
  | { kind: "step"; epoch: number; epochs: number; step: number; steps: number; figures: Figures; seconds: number }
  | ({ kind: "epoch"; epochs: number; isBest: boolean } & EpochFigures);

export interface TrainingOutcome {
  epochs: EpochFigures[];
  /** The epoch whose parameters the executor holds now; −1 when none was finished. */
  keptEpoch: number;
  stopped: "finished" | "early" | "cancelled";
}

/**
 * @example
 * for await (const event of trainEpochs(options)) if (event.kind === "epoch") show(event.training.loss);
 */
export async function* trainEpochs<B extends TrainingBatch>(
  options: EpochOptions<B>,
): AsyncGenerator<TrainingEvent, TrainingOutcome> {
  const { executor, epochs, steps, evaluate, earlyStopping, place, before, signal } = options;
  const looks = [...(before?.history ?? [])];
  const trainer = batchTrainer(options);
  if (before) trainer.restore(before.state);
  const loop = runLoop(trainer, {
    length: { steps: epochs * steps, isLook: (done) => done % steps === 0 },
    look: evaluate && (async () => ({ figures: await evaluate() })),
    watch: earlyStopping && watchBest(executor, earlyStopping),
    ...{ place, before, signal },
  });
  for (;;) {
    const { value, done } = await loop.next();
    if (done) return { epochs: epochsOf(value.history), keptEpoch: value.keptLook, stopped: value.stopped };
    if (value.kind === "look") {
      looks.push(value);
      yield { kind: "epoch", epochs, isBest: value.isBest, ...epochsOf(looks).at(-1)! };
      continue;
    }
    const { step, figures, spent } = value;
    const epoch = Math.floor((step - 1) / steps);
    yield { kind: "step", epoch, epochs, step: step - epoch * steps, steps, figures, seconds: spent };
  }
}

/** Looks at the end of each epoch. */
export function epochsOf(looks: readonly LookPoint[]): EpochFigures[] {
  return looks.map(({ training, validation, spent }, epoch) => ({
    ...{ epoch, training, validation },
    seconds: spent - (looks[epoch - 1]?.spent ?? 0),
  }));
}

function batchTrainer<B extends TrainingBatch>(options: BatchOptions<B>): Trainer {
  const { executor, steps } = options;
  let done = 0;
  let batches: Iterator<B> | undefined;
  return {
    get done() {
      return done;
    },
    async step() {
      const [epoch, place] = [Math.floor(done / steps), done % steps];
      if (place === 0 || !batches) batches = options.batches(epoch, place)[Symbol.iterator]();
      const { value: batch } = batches.next();
      if (batch === undefined) throw new Error(`epoch ${epoch} has fewer than ${steps} batches`);
      const learningRate = options.learningRate?.(done);
      const { loss, outputs } = await executor.step(batch.key, () => batch.build(), batch.shards, { learningRate });
      if (!Number.isFinite(loss)) throw diverged(loss, epoch, place, learningRate);
      done++;
      const measured: Measured[] = [{ figures: { loss }, weight: batch.weight }];
      if (options.measure) measured.push({ figures: options.measure(batch, outputs), weight: batch.rows });
      return measured;
    },
    state: () => executorState(executor),
    restore(state) {
      restoreExecutor(executor, state);
      done = state.step;
      batches = undefined;
    },
  };
}

function diverged(loss: number, epoch: number, step: number, learningRate: number | undefined): UserError {
  const rate = learningRate === undefined ? "" : ` (it was ${learningRate})`;
  return new UserError(
    `the loss became ${loss} in step ${step + 1} of epoch ${epoch + 1}, so training stopped; try a smaller learning rate${rate}, clipNorm: 1 in the optimizer, and look for NaN or very large numbers in the data.`,
  );
}
