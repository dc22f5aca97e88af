// The training loop, one for everything that is trained: steps, looks at what they made of the model, early stopping,
// checkpoints, and where a run goes on. Knows a trainer, no model and no batches; it yields events and never prints.
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import type { CheckpointPlace } from "./checkpoint-place.js";
import { type Checkpoint, writeCheckpoint } from "./checkpoints.js";
import type { BestWatch } from "./early-stopping.js";
import { type Figures, runningMean } from "./figures.js";
import type { LookPoint } from "./progress.js";
import type { Trainer } from "./trainer.js";

/** How long a run is, and where it is looked at. */
export interface LoopLength {
  /** In all; a run may decide on another number while it goes on. */
  readonly steps: number;
  isLook(done: number): boolean;
  /** A look took so many seconds. */
  looked?(seconds: number): void;
  /** After a step and its look: time to decide again. @param spent seconds so far */
  decide?(hasLooked: boolean, spent: number): void;
}

export interface LoopOptions {
  length: LoopLength;
  /** Measures on what is held out. */
  look?(): Promise<{ figures: Figures; sample?: string }>;
  /** What "best" is; without it the last look is kept. */
  watch?: BestWatch;
  /** Where checkpoints are kept; without it there are none. */
  place?: CheckpointPlace;
  /** Where it goes on: the trainer holds its state already. */
  before?: Checkpoint;
  /** Seconds that passed before the first step: of training, and of everything. */
  begun?: { seconds: number; spent: number };
  signal?: AbortSignal;
}

export type LoopEvent =
  | { kind: "step"; step: number; steps: number; figures: Figures; seconds: number; spent: number }
  | ({ kind: "look"; steps: number; isBest: boolean } & LookPoint);

export interface LoopOutcome {
  history: LookPoint[];
  /** The look whose parameters the trainer holds now; −1 when there was none. */
  keptLook: number;
  /** Of training alone. */
  seconds: number;
  stopped: "finished" | "early" | "cancelled";
}

/**
 * Trains to the end, from `before` where it is given, with the same bits as without the interruption.
 *
 * @example
 * for await (const event of runLoop(trainer, { length })) if (event.kind === "look") show(event.validation.loss);
 */
export async function* runLoop(trainer: Trainer, options: LoopOptions): AsyncGenerator<LoopEvent, LoopOutcome> {
  const { length, watch, place, before, begun = { seconds: 0, spent: 0 }, signal } = options;
  const history = [...(before?.history ?? [])];
  const mean = runningMean(before?.since);
  let { seconds } = before ?? begun;
  const start = performance.now() - 1000 * (before ?? begun).spent;
  const spent = () => (performance.now() - start) / 1000;
  let written = before ? trainer.done : -1;
  if (before) checkDone(before, length.steps);
  if (before) watch?.resume(before.best, before.state.arrays);
  const save = () => {
    const { step, arrays } = trainer.state();
    const kept = watch?.state();
    writeCheckpoint(place!.folder, {
      state: { step, arrays: new Map([...arrays, ...(kept?.arrays ?? [])]) },
      ...{ history, seconds, spent: spent(), since: mean.sums(), best: kept?.best },
    });
    written = step;
  };
  const outcome = (stopped: LoopOutcome["stopped"]): LoopOutcome => {
    const last = history.length - 1;
    return { history, keptLook: watch?.restore(last) ?? last, seconds, stopped };
  };
  while (trainer.done < length.steps) {
    if (signal?.aborted) {
      if (place?.isWhole) place.pace.now(save);
      return outcome("cancelled");
    }
    const started = performance.now();
    const measured = await trainer.step();
    seconds += (performance.now() - started) / 1000;
    for (const one of measured) mean.add(one);
    const step = trainer.done;
    yield { kind: "step", step, steps: length.steps, figures: mean.figures(), seconds, spent: spent() };
    const looks = length.isLook(step);
    if (looks) {
      const began = performance.now();
      const { figures = {}, sample } = (await options.look?.()) ?? {};
      length.looked?.((performance.now() - began) / 1000);
      const point = { step, training: mean.figures(), validation: figures, sample, seconds, spent: spent() };
      history.push(point);
      mean.clear();
      const { isBest, isOver } = watch?.look(history.length - 1, point) ?? { isBest: false, isOver: false };
      yield { kind: "look", steps: length.steps, isBest, ...point };
      if (isOver) return outcome("early");
    }
    place?.pace.whenDue(`checkpoint of step ${step}`, save);
    length.decide?.(looks, spent());
  }
  // What came after the last look is told too.
  const training = mean.figures();
  if (Object.keys(training).length > 0)
    history.push({ step: trainer.done, training, validation: {}, seconds, spent: spent() });
  mean.clear();
  if (place?.isWhole && trainer.done > written) place.pace.orTell(`checkpoint of step ${trainer.done}`, save);
  return outcome("finished");
}

/** @throws UserError when a checkpoint is beyond the run's end, or at it without its last look */
function checkDone({ state: { step }, history }: Checkpoint, steps: number): void {
  const last = history.at(-1)?.step ?? 0;
  if (step < steps ? last <= step : step === steps && last === steps) return;
  throw new UserError(
    `The checkpoint of step ${step} does not belong to this run of ${steps} steps. To start again, remove the run's folder, or ` +
      `choose another one with ${option("out")}.`,
  );
}
