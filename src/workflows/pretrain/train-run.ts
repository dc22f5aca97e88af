// The steps of a run: evaluations, checkpoints, and where they stand in time. It prints nothing.
import { CancelledError } from "../../base/errors.js";
import { tokenVectors } from "../../embeddings/index.js";
import { createTrainer, type Trainer } from "../../models/language-model/network/index.js";
import type { WorkflowWatch } from "../watch.js";
import { type Checkpoint, type HistoryPoint, writeCheckpoint } from "./checkpoints.js";
import { type RunPlan, scheduleFor } from "./plan.js";
import type { PreparedTokens } from "./prepare-tokens.js";
import { writeSample } from "./write-sample.js";

export interface RunOptions {
  steps: number;
  seed: number;
  threads: number;
  /** Seconds between checkpoints. */
  checkpointEvery: number;
  /** Where it goes on. */
  before?: Checkpoint;
  /** Where it begins instead. */
  start?: FirstVectors;
}

export interface FirstVectors {
  vectors: Float32Array;
  /** What they took. */
  seconds: number;
}

export interface FinishedRun {
  trainer: Trainer;
  history: HistoryPoint[];
  seconds: number;
}

/** Evaluations of a run. */
const looks = 20;
/** Tokens that first vectors are counted from: more make them little better, and so many take some 20 seconds. */
const countedTokens = 2e7;
/** Tokens of one evaluation, and of the last one. */
const [lookTokens, lastLookTokens] = [32_768, 1_000_000];

/**
 * Trains to the end, from the newest checkpoint where there is one. The caller closes the trainer.
 *
 * @throws CancelledError after an abort; a checkpoint holds what was done
 */
export async function trainRun(
  plan: RunPlan,
  tokens: PreparedTokens,
  folder: string,
  { steps, seed, threads, checkpointEvery, before, start }: RunOptions,
  watch: WorkflowWatch,
): Promise<FinishedRun> {
  const trainer = await openTrainer(plan, tokens, { steps, seed, threads, vectors: start?.vectors });
  try {
    const history = before?.history ?? [];
    let seconds = before?.seconds ?? start?.seconds ?? 0;
    if (before) {
      trainer.restore(before.state);
      watch.onMessage?.(`Going on after step ${trainer.done} of ${steps}.`);
    }
    const interval = Math.max(1, Math.ceil(steps / looks));
    let [sum, count] = [0, 0];
    let kept = performance.now();
    const keep = () => {
      writeCheckpoint(folder, { state: trainer.state(), history, seconds });
      kept = performance.now();
    };
    while (trainer.done < steps) {
      const started = performance.now();
      const loss = await trainer.step();
      seconds += (performance.now() - started) / 1000;
      sum += loss;
      count++;
      const validation = history.at(-1)?.validationLoss;
      const speed = `${Math.round((trainer.done * trainer.tokens) / seconds).toLocaleString("en")} tokens/s`;
      const note = `loss ${(sum / count).toFixed(3)}${validation ? ` · validation ${validation.toFixed(3)}` : ""} · ${speed}`;
      watch.onProgress?.({ stage: "training", done: trainer.done, total: steps, note });
      if (trainer.done % interval === 0 && trainer.done < steps) {
        const validationLoss = await trainer.evaluate(lookTokens);
        const sample = await writeSample(plan, tokens, trainer, { seed, threads });
        history.push({ step: trainer.done, trainingLoss: sum / count, validationLoss, seconds, sample });
        watch.onMessage?.(
          `step ${trainer.done} of ${steps}: loss ${(sum / count).toFixed(4)}, validation ${validationLoss.toFixed(4)}, ` +
            `${speed}${sample ? `\n  ${oneLine(sample)}` : ""}`,
        );
        [sum, count] = [0, 0];
        // The mean begins anew here, so a run that goes on from this place tells the same history.
        if (performance.now() - kept > 1000 * checkpointEvery) keep();
      } else if (performance.now() - kept > 4000 * checkpointEvery) keep();
      if (watch.signal?.aborted && trainer.done < steps) {
        keep();
        throw new CancelledError(
          `Stopped after step ${trainer.done} of ${steps}. Nothing is lost: run the same command with --resume.`,
        );
      }
    }
    if (count > 0) history.push({ step: trainer.done, trainingLoss: sum / count, seconds });
    // The model may not find room on the disk: then the work is here.
    if (performance.now() - kept > 1000 * checkpointEvery) keep();
    return { trainer, history, seconds };
  } catch (error) {
    await trainer.close();
    throw error;
  }
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

/** Mean loss of up to a million validation tokens, in nats. */
export function finalLoss(trainer: Trainer): Promise<number> {
  return trainer.evaluate(lastLookTokens);
}

/** Seconds of a step and of an evaluation, from a few of each on a trainer of their own. */
export async function timeSteps(
  plan: RunPlan,
  tokens: PreparedTokens,
  options: { seed: number; threads: number },
): Promise<{ step: number; evaluation: number }> {
  const trainer = await openTrainer(plan, tokens, { ...options, steps: 1000 });
  try {
    for (let i = 0; i < 2; i++) await trainer.step();
    const times: number[] = [];
    for (let i = 0; i < 5; i++) {
      const started = performance.now();
      await trainer.step();
      times.push((performance.now() - started) / 1000);
    }
    const started = performance.now();
    await trainer.evaluate(lookTokens);
    await writeSample(plan, tokens, trainer, options);
    return { step: times.sort((a, b) => a - b)[2], evaluation: (performance.now() - started) / 1000 };
  } finally {
    await trainer.close();
  }
}

/** For a terminal of 80 columns. */
function oneLine(sample: string): string {
  const line = sample.replace(/\s+/g, " ").trim();
  return line.length > 76 ? `${line.slice(0, 75)}…` : line;
}

function openTrainer(
  { shape, sequences, optimizer, labelSmoothing, tokenRateScale }: RunPlan,
  { training, validation, tokenizer }: PreparedTokens,
  { steps, vectors, ...options }: { steps: number; seed: number; threads: number; vectors?: Float32Array },
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
      schedule: scheduleFor(steps),
      mask: shape.objective === "masked" ? { maskId: mask!, firstWord } : undefined,
    },
  );
}
