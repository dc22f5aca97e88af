// The steps of a run: evaluations, checkpoints, and where they stand in time. It prints nothing.
import { CancelledError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { tokenVectors } from "../../embeddings/index.js";
import { createTrainer, type Trainer } from "../../networks/language/index.js";
import { checkpointPace } from "./checkpoint-pace.js";
import { type Checkpoint, type HistoryPoint, writeCheckpoint } from "./checkpoints.js";
import { type RunPlan, scheduleFor } from "./plan.js";
import { isLook, lastLookTokens, type StepTimes } from "./plan-steps.js";
import type { PreparedTokens } from "./prepare-tokens.js";
import type { RunLength } from "./run-folder.js";
import { stepClock } from "./step-clock.js";
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
  const plans = [...length.plans];
  const planAt = (done: number) => plans.findLast(({ from }) => from <= done)!;
  const history = before?.history ?? [];
  let seconds = before?.seconds ?? startSeconds;
  let { sum, count } = before?.since ?? { sum: 0, count: 0 };
  trainer.reschedule(scheduleFor(plans));
  if (before) {
    trainer.restore(before.state);
    watch.onMessage?.(`Resuming after step ${trainer.done} of ${plans.at(-1)!.steps}.`);
  }
  const begin = performance.now() - 1000 * (before?.spent ?? spent);
  const spentSeconds = () => (performance.now() - begin) / 1000;
  const checkpoints = checkpointPace(
    () => {
      const progress = { history, seconds, spent: spentSeconds(), since: { sum, count } };
      writeCheckpoint(folder, { state: trainer.state(), ...progress });
    },
    trainer,
    watch,
  );
  const clock = stepClock(trainer, length);
  while (trainer.done < planAt(trainer.done).steps) {
    const started = performance.now();
    const loss = await trainer.step();
    seconds += (performance.now() - started) / 1000;
    sum += loss;
    count++;
    const { steps } = planAt(trainer.done);
    const validation = history.at(-1)?.validationLoss;
    const speed = `${Math.round((trainer.done * trainer.tokens) / seconds).toLocaleString("en")} tokens/s`;
    const note = `loss ${(sum / count).toFixed(3)}${validation ? ` · validation ${validation.toFixed(3)}` : ""} · ${speed}`;
    watch.onProgress?.({ stage: "training", done: trainer.done, total: steps, note });
    // A step that a revision begins after was the old plan's.
    const looks = isLook(planAt(trainer.done - 1), trainer.done);
    if (looks) {
      const before = performance.now();
      const validationLoss = await trainer.evaluate(lookTokens);
      const sample = await writeSample(plan, tokens, trainer, { seed, threads });
      clock.looked((performance.now() - before) / 1000);
      history.push({ step: trainer.done, trainingLoss: sum / count, validationLoss, seconds, sample });
      watch.onMessage?.(
        `step ${trainer.done} of ${steps}: loss ${(sum / count).toFixed(4)}, validation ${validationLoss.toFixed(4)}, ` +
          `${speed}${sample ? `\n  ${oneLine(sample)}` : ""}`,
      );
      [sum, count] = [0, 0];
    }
    checkpoints.whenDue();
    const newest = plans.at(-1)!;
    const revised = newest.from <= trainer.done ? clock.revise(newest, looks, spentSeconds()) : undefined;
    if (revised) {
      plans.push(revised);
      keepLength({ ...length, plans });
      trainer.reschedule(scheduleFor(plans));
    }
    if (watch.signal?.aborted && trainer.done < planAt(trainer.done).steps) {
      checkpoints.now();
      throw new CancelledError(
        `Stopped after step ${trainer.done} of ${steps}. Nothing is lost: to continue, run the same command with ` +
          `${option("resume")}.`,
      );
    }
  }
  if (count > 0) history.push({ step: trainer.done, trainingLoss: sum / count, seconds });
  [sum, count] = [0, 0];
  // The model may not find room on the disk: then the work is here.
  checkpoints.atTheEnd();
  return { history, seconds };
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
