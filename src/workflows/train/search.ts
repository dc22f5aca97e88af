// A training run with a budget: as many models as its time allows, and why one of them was chosen. Knows no task and no family.
import { CancelledError } from "../../base/errors.js";
import type { Progress } from "../../base/progress.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { monitorOf } from "../../networks/index.js";
import {
  type Clock,
  forecaster,
  type MoreRows,
  type Run,
  type SearchOutcome,
  search,
  wallClock,
} from "../../select/index.js";
import type { Measure, SplitRows, Task, TrainingOptions } from "../../tasks/index.js";
import { type Ensemble, ensembleOf } from "./ensemble.js";
import { fewestRows, moreRows } from "./more-rows.js";
import { aboutTime } from "./tell-time.js";
import { type Candidate, trainFamily } from "./train-family.js";
import { partOf, type Trial, trialsOf } from "./trials.js";
import type { FamilyKeeper } from "./unfinished.js";

export interface Budget {
  seconds: number;
  /** Trainings of the chosen model that come after the search. */
  folds: number;
  /** When the command began, by the clock. */
  begun: number;
  clock: Clock;
}

export interface SearchRequest {
  task: Task;
  rows: SplitRows;
  /** First the one that there must be a model of. */
  families: readonly string[];
  options: TrainingOptions;
  keeper: FamilyKeeper;
  metric: Measure | undefined;
  budget: Budget;
  /** Whether an ensemble may be the choice. */
  averages: boolean;
  /** Seconds that an answer may take. */
  predictLimit?: number;
}

export interface Searched extends Pick<SearchOutcome<Trial, Candidate>, "stopped" | "notBegun"> {
  /** All that are trained, the ensemble last. */
  models: Candidate[];
  /** Those of them that answer fast enough; the fastest, where none does. */
  allowed: Candidate[];
  ensemble?: Ensemble;
  moreRows?: MoreRows;
}

/** @param begun in ms of `performance.now()` */
export function openBudget(seconds: number, { begun, folds }: { begun?: number; folds: number }): Budget {
  return { seconds, folds, begun: begun === undefined ? wallClock.now() : begun / 1000, clock: wallClock };
}

/** What is kept for choosing, writing and ending, beside what was measured: seconds, and a share of the budget. */
const [fewestReserved, reservedShare] = [0.4, 0.01];
/** For an ensemble. */
const averagingShare = 0.02;
/** Of the linear model's time, what its models of fewer rows take; and the most of the budget that is spent on them. */
const [moreRowsShare, mostForMore] = [1.1, 0.05];
/** Answering a text takes half as long as learning from it once; networks learn from each three times at least. */
const answeringShare = 1 / 6;
/** Stages that read each text once. */
const encodes = /encoding texts$|vectors of/;

/** @throws CancelledError after a signal before the first model is trained */
export async function searchModels(request: SearchRequest, watch: WorkflowWatch): Promise<Searched> {
  const { task, rows, families, options, keeper, metric, budget } = request;
  const { clock } = budget;
  const before = clock.now() - budget.begun;
  // Each fold takes as long as the chosen model, which takes as long as the search at most.
  const seconds = budget.seconds / (1 + budget.folds);
  /** The longest that scoring and keeping a model took. Writing takes as long as keeping, reading it back too. */
  let ending = 0;
  /** What it will take to tell whether more rows would help, where that is little. */
  let secondsForMore = 0;
  const chosenBy = () => {
    // Code is loaded, and texts are read and hashed, when the folder is written as at the beginning.
    const reserve = fewestReserved + reservedShare * seconds + 3 * ending + before / 2;
    return budget.begun + seconds - reserve;
  };
  const until = () => chosenBy() - (request.averages ? averagingShare * seconds : 0) - secondsForMore;
  const models: Candidate[] = [];
  const train = async (trial: Trial, run: Run): Promise<Candidate> => {
    const own = trial.rows === undefined ? rows : partOf(task, rows, trial.rows, options.seed);
    let trained = Number.POSITIVE_INFINITY;
    const { higherIsBetter } = monitorOf(rows.head);
    let best = Number.NEGATIVE_INFINITY;
    const candidate = await trainFamily(
      task,
      trial,
      own,
      {
        ...options,
        settings: trial.settings,
        onEpoch(epoch, epochs, { validation }) {
          const value = validation[monitorOf(rows.head).name];
          best = Math.max(best, higherIsBetter ? value : -value);
          run.reached(epoch / epochs, best);
        },
      },
      keeper,
      { ...watch, signal: run.signal, onProgress: timed(run, own, clock, watch) },
      {
        metric,
        isTimed: true,
        isUnwanted() {
          trained = clock.now();
          return run.isUnwanted;
        },
      },
    );
    const answering = (candidate.trained.answering ?? 0) * rows.heldOut.texts.length;
    ending = Math.max(ending, clock.now() - trained - answering);
    if (candidate.trained.stopped !== "cancelled") await keeper.release(candidate.name, candidate.trained);
    else if (!watch.signal?.aborted) candidate.result.stopped = "time";
    models.push(candidate);
    const forMore = moreRowsShare * candidate.trained.seconds;
    const isLittle = forMore <= mostForMore * seconds;
    if (candidate.name === families[0] && isLittle && rows.training.texts.length >= fewestRows)
      secondsForMore = forMore;
    return candidate;
  };
  try {
    const trials = trialsOf(task, families, rows.training.texts.length);
    const { stopped, notBegun } = await search({ candidates: trials, clock, until, train, signal: watch.signal });
    for (const { candidate, share } of stopped)
      watch.onMessage?.(
        `${candidate.name}: stopped after ${Math.round(100 * share)} % of its training, behind other settings of ${candidate.family}.`,
      );
    for (const { candidate, seconds } of notBegun)
      watch.onMessage?.(
        `${candidate.name}: not begun, as ${seconds === undefined ? "no time is left" : `it would take ${aboutTime(1000 * seconds)}`}.`,
      );
    const whole = await withoutParts(models);
    const isLate = () => clock.now() > chosenBy();
    const ensemble = request.averages && !isLate() ? ensembleFor(request, whole, isLate) : undefined;
    const all = ensemble ? [...whole, ensemble] : whole;
    const linear = whole.find(({ name }) => name === families[0]);
    const found = { models: all, allowed: allowedOf(all, request.predictLimit), ensemble, stopped, notBegun };
    if (!linear || secondsForMore === 0 || clock.now() + secondsForMore > chosenBy()) return found;
    const figure = metric ?? task.measures[0];
    const signal = watch.signal ?? new AbortController().signal;
    const more = await moreRows(task, rows, linear, figure, options, signal).catch((error: unknown) => {
      if (error instanceof CancelledError) return undefined;
      throw error;
    });
    return { ...found, moreRows: more };
  } catch (error) {
    for (const { trained } of models) await trained.close();
    throw error;
  }
}

/** Tells the run what its stages will take, and that time passes. */
function timed(run: Run, rows: SplitRows, clock: Clock, watch: WorkflowWatch): (step: Progress) => void {
  const timeOf = forecaster(clock);
  const { training, validation, heldOut } = rows;
  const [learnt, answered] = [training.texts.length, validation.texts.length + heldOut.texts.length];
  let after = 0;
  return (step) => {
    watch.onProgress?.(step);
    const time = timeOf(step);
    if (time) {
      after = ((encodes.test(time.stage) ? 1 : answeringShare) * time.whole * answered) / learnt;
      run.forecast(time.left + after);
    }
    run.tick(after);
  };
}

/** A part of the rows was for a model to be there at once; where all rows are learnt from, it goes. */
async function withoutParts(models: Candidate[]): Promise<Candidate[]> {
  const byRows = models.filter(({ name }) => /-rows$/.test(name));
  const isWhole = models.some(({ name, family }) => name === family && byRows.some((part) => part.family === family));
  const left = isWhole ? byRows : byRows.slice(0, -1);
  for (const { trained } of left) await trained.close();
  return models.filter((model) => !left.includes(model));
}

/** Of models that answer fast enough. */
function ensembleFor(
  { task, rows, metric, predictLimit, options }: SearchRequest,
  models: readonly Candidate[],
  isLate: () => boolean,
) {
  const quick = predictLimit === undefined ? models : allowedOf(models, predictLimit);
  const isAsked = metric !== undefined;
  return ensembleOf(task, rows, quick, { metric: metric ?? task.measures[0], isAsked, seed: options.seed, isLate });
}

function allowedOf(models: readonly Candidate[], limit = Number.POSITIVE_INFINITY): Candidate[] {
  const timeOf = ({ trained }: Candidate) => trained.answering ?? 0;
  const quick = models.filter((model) => timeOf(model) <= limit);
  return quick.length > 0 ? quick : [...models].sort((a, b) => timeOf(a) - timeOf(b)).slice(0, 1);
}
