// The steps of a run: evaluations, checkpoints, and where they stand in time. It prints nothing.
import { CancelledError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { tokenVectors } from "../../embeddings/index.js";
import { createTrainer, type Trainer } from "../../networks/language/index.js";
import {
  type Checkpoint,
  checkpointPace,
  type LookPoint,
  lastLookTokens,
  plannedLength,
  type RunLength,
  runLoop,
  type StepTimes,
  scheduleFor,
} from "../../train/index.js";
import type { RunPlan } from "./plan.js";
import type { PreparedTokens } from "./prepare-tokens.js";
import type { HistoryPoint } from "./trained-model.js";
import { writeSample } from "./write-sample.js";

export interface RunOptions {
  length: RunLength;
  /** Called with a revised length: it must outlive the program before the next step. */
  keepLength(length: RunLength): void;
  seed: number;
  threads: number;
  /** Where it goes on. */
  before?: Checkpoint;
  /** Seconds that first vectors took: they count as training. */
  startSeconds: number;
  /** Seconds of the run that passed before its first step. */
  spent: number;
}

export interface FirstVectors {
  vectors: Float32Array;
  /** What they took. */
  seconds: number;
}

export interface FinishedRun {
  history: HistoryPoint[];
  seconds: number;
}

/** Tokens that first vectors are counted from: more make them little better, and so many take some 20 seconds. */
const countedTokens = 2e7;
/** Tokens of one evaluation, and of the last one at most. */
const [lookTokens, mostLastTokens] = [32_768, 1_000_000];

/**
 * Trains to the end, from the newest checkpoint where there is one.
 *
 * @throws CancelledError after an abort; a checkpoint holds what was done
 */
export async function trainRun(
  trainer: Trainer,
  plan: RunPlan,
  tokens: PreparedTokens,
  folder: string,
  { length, keepLength, seed, threads, before, startSeconds, spent }: RunOptions,
  watch: WorkflowWatch,
): Promise<FinishedRun> {
  const say = (message: string) => watch.onMessage?.(message);
  trainer.reschedule(scheduleFor(length.plans));
  if (before) {
    trainer.restore(before.state);
    say(`Resuming after step ${trainer.done} of ${length.plans.at(-1)!.steps}.`);
  }
  const planned = plannedLength(trainer, length, (revised) => {
    keepLength(revised);
    trainer.reschedule(scheduleFor(revised.plans));
  });
  const loop = runLoop(
    {
      get done() {
        return trainer.done;
      },
      step: async () => [{ figures: { loss: await trainer.step() }, weight: 1 }],
      state: trainer.state,
      restore: trainer.restore,
    },
    {
      length: planned,
      look: async () => ({
        figures: { loss: await trainer.evaluate(lookTokens) },
        sample: await writeSample(plan, tokens, trainer, { seed, threads }),
      }),
      place: { folder, pace: checkpointPace(say, { mustSucceed: true }), say, isWhole: true },
      before,
      begun: { seconds: startSeconds, spent },
      signal: watch.signal,
    },
  );
  let validation = before?.history.at(-1)?.validation.loss;
  for (;;) {
    const { value, done } = await loop.next();
    if (done) {
      if (value.stopped === "cancelled")
        throw new CancelledError(
          `Stopped after step ${trainer.done} of ${planned.steps}. Nothing is lost: to continue, run the same command ` +
            `with ${option("resume")}.`,
        );
      return { history: value.history.map(historyPoint), seconds: value.seconds };
    }
    const { step, steps, seconds } = value;
    const speed = `${Math.round((step * trainer.tokens) / seconds).toLocaleString("en")} tokens/s`;
    if (value.kind === "step") {
      const note = `loss ${value.figures.loss.toFixed(3)}${validation ? ` · validation ${validation.toFixed(3)}` : ""} · ${speed}`;
      watch.onProgress?.({ stage: "training", done: step, total: steps, note });
      continue;
    }
    const { training, sample } = value;
    validation = value.validation.loss;
    say(
      `step ${step} of ${steps}: loss ${training.loss.toFixed(4)}, validation ${validation.toFixed(4)}, ` +
        `${speed}${sample ? `\n  ${oneLine(sample)}` : ""}`,
    );
  }
}

function historyPoint({ step, training, validation, seconds, sample }: LookPoint): HistoryPoint {
  return { step, trainingLoss: training.loss, validationLoss: validation.loss, seconds, sample };
}

/** What the plan has token vectors begin with, where that is not random numbers. */
export async function firstVectors(
  { shape, start }: RunPlan,
  { training, tokenizer }: PreparedTokens,
  { seed, threads }: { seed: number; threads: number },
  watch: WorkflowWatch,
): Promise<FirstVectors | undefined> {
  if (start === "random") return undefined;
  const started = performance.now();
  const { vocabSize, width: dim } = shape;
  const endId = tokenizer.roles.endOfText;
  const vectors = await tokenVectors(
    training,
    { vocabSize, dim, endId, most: countedTokens, seed, threads },
    { signal: watch.signal, onProgress: watch.onProgress },
  );
  return { vectors, seconds: (performance.now() - started) / 1000 };
}

/** Mean loss of validation tokens, in nats: of a million, or of as many as the run's time has room for. */
export function finalLoss(trainer: Trainer, { budget, times }: RunLength): Promise<number> {
  const most =
    budget !== undefined && times ? lastLookTokens(lookTokens, times.look, budget, mostLastTokens) : mostLastTokens;
  return trainer.evaluate(most);
}

/** Steps that are timed, after a first one that readies the sessions. */
const timedSteps = 4;
/** A token that is only read takes so much of the time of one that is learned from; a sample of text takes a second. */
const [readingShare, sampleSeconds] = [0.4, 1];

/** Seconds of a step, and roughly those of an evaluation. The trainer is left as it was. */
export async function timeSteps(trainer: Trainer): Promise<StepTimes> {
  const { step: done, arrays } = trainer.state();
  const before = { step: done, arrays: new Map([...arrays].map(([name, data]) => [name, data.slice()])) };
  const times: number[] = [];
  for (let i = 0; i <= timedSteps; i++) {
    const started = performance.now();
    await trainer.step();
    times.push((performance.now() - started) / 1000);
  }
  trainer.restore(before);
  const step = times.slice(1).sort((a, b) => a - b)[timedSteps >> 1];
  return { step, look: (readingShare * step * lookTokens) / trainer.tokens + sampleSeconds };
}

/** For a terminal of 80 columns. */
function oneLine(sample: string): string {
  const line = sample.replace(/\s+/g, " ").trim();
  return line.length > 76 ? `${line.slice(0, 75)}…` : line;
}

export function openTrainer(
  { shape, sequences, optimizer, labelSmoothing, tokenRateScale }: RunPlan,
  { training, validation, tokenizer }: PreparedTokens,
  { vectors, ...options }: { seed: number; threads: number; vectors?: Float32Array },
): Promise<Trainer> {
  const { mask } = tokenizer.roles;
  const firstWord = Math.max(-1, ...tokenizer.specials.values()) + 1;
  return createTrainer(
    shape,
    { training, validation },
    {
      ...options,
      sequences,
      optimizer,
      labelSmoothing,
      tokens: { vectors, rateScale: tokenRateScale },
      schedule: { kind: "constant", totalSteps: 1 },
      mask: shape.objective === "masked" ? { maskId: mask!, firstWord } : undefined,
    },
  );
}
