// The training loop: runs batches, averages what they give, asks for an evaluation after each epoch, keeps the best
// epoch. Knows batches and the executor, no model; it yields events and never prints.
import { UserError } from "../base/errors.js";
import type { Executor, Feeds, Results, StepGraph } from "../runtime/index.js";
import { type EarlyStopping, watchEpochs } from "./watch-epochs.js";

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

export type Figures = Record<string, number>;

export interface LoopOptions<B extends TrainingBatch> {
  executor: Executor;
  epochs: number;
  /** Steps of one epoch, known beforehand for the progress. */
  steps: number;
  /** The batches of an epoch (from 0), made as they are needed. */
  batches(epoch: number): Iterable<B> | AsyncIterable<B>;
  /** Rate of a step, counted from 0 over the whole run; left out, the optimizer's own. */
  learningRate?(step: number): number;
  /** Mean figures of one batch from the step's outputs, such as its accuracy. */
  measure?(batch: B, outputs: readonly Results[]): Figures;
  /** Figures on held-out rows after an epoch. */
  evaluate?(epoch: number): Promise<Figures>;
  /** What "best" is; without it the last epoch is kept. */
  earlyStopping?: EarlyStopping;
  signal?: AbortSignal;
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
 * for await (const event of train(options)) if (event.kind === "epoch") show(event.training.loss);
 */
export async function* train<B extends TrainingBatch>(
  options: LoopOptions<B>,
): AsyncGenerator<TrainingEvent, TrainingOutcome> {
  const { executor, epochs, steps, signal } = options;
  const watch = watchEpochs(executor, options.earlyStopping);
  const done: EpochFigures[] = [];
  const started = performance.now();
  let globalStep = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const epochStarted = performance.now();
    const mean = runningMean();
    let step = 0;
    for await (const batch of options.batches(epoch)) {
      if (signal?.aborted) return { epochs: done, keptEpoch: watch.restore(epoch - 1), stopped: "cancelled" };
      const learningRate = options.learningRate?.(globalStep++);
      const { loss, outputs } = await executor.step(batch.key, () => batch.build(), batch.shards, { learningRate });
      if (!Number.isFinite(loss)) throw diverged(loss, epoch, step, learningRate);
      mean.add({ loss }, batch.weight);
      if (options.measure) mean.add(options.measure(batch, outputs), batch.rows);
      step++;
      const seconds = (performance.now() - started) / 1000;
      yield { kind: "step", epoch, epochs, step, steps, figures: mean.figures(), seconds };
    }
    const validation = options.evaluate ? await options.evaluate(epoch) : {};
    const seconds = (performance.now() - epochStarted) / 1000;
    const figures: EpochFigures = { epoch, training: mean.figures(), validation, seconds };
    done.push(figures);
    const { isBest, isOver } = watch.look(figures);
    yield { kind: "epoch", epochs, isBest, ...figures };
    if (isOver) return { epochs: done, keptEpoch: watch.restore(epoch), stopped: "early" };
  }
  return { epochs: done, keptEpoch: watch.restore(epochs - 1), stopped: "finished" };
}

/** Means by name, each value counted with its weight. */
function runningMean() {
  const sums = new Map<string, { sum: number; weight: number }>();
  return {
    add(figures: Figures, weight: number) {
      for (const [name, value] of Object.entries(figures)) {
        const entry = sums.get(name) ?? { sum: 0, weight: 0 };
        sums.set(name, { sum: entry.sum + value * weight, weight: entry.weight + weight });
      }
    },
    figures: (): Figures =>
      Object.fromEntries([...sums].map(([name, { sum, weight }]) => [name, weight > 0 ? sum / weight : 0])),
  };
}

function diverged(loss: number, epoch: number, step: number, learningRate: number | undefined): UserError {
  const rate = learningRate === undefined ? "" : ` (it was ${learningRate})`;
  return new UserError(
    `the loss became ${loss} in step ${step + 1} of epoch ${epoch + 1}, so training stopped; try a smaller learning rate${rate}, clipNorm: 1 in the optimizer, and look for NaN or very large numbers in the data.`,
  );
}
