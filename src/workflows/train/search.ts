// A training run with a budget: as many models as its time allows, and why one of them was chosen. Knows no task and no family.
import type { Progress } from "../../base/progress.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { monitorOf } from "../../networks/index.js";
import { loweredTitle, showFigure } from "../../report/figure.js";
import { type Clock, forecaster, type Run, type SearchOutcome, search, wallClock } from "../../select/index.js";
import type { Measure, SearchFacts, SplitRows, Task, TrainingOptions } from "../../tasks/index.js";
import { type Ensemble, ensembleOf } from "./ensemble.js";
import { aboutTime } from "./tell-time.js";
import { type Candidate, trainFamily } from "./train-family.js";
import { partOf, type Trial, trialsOf } from "./trials.js";
import type { FamilyKeeper } from "./unfinished.js";

export interface Budget {
  seconds: number;
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
}

export function openBudget(seconds: number): Budget {
  return { seconds, begun: wallClock.now(), clock: wallClock };
}

/** What is kept for choosing, writing and ending, beside what was measured: seconds, and a share of the budget. */
const [fewestReserved, reservedShare] = [0.4, 0.01];
/** For an ensemble. */
const averagingShare = 0.02;
/** Answering a text takes half as long as learning from it once; networks learn from each three times at least. */
const answeringShare = 1 / 6;
/** Stages that read each text once. */
const encodes = /encoding texts$|vectors of/;

/** @throws CancelledError after a signal before the first model is trained */
export async function searchModels(request: SearchRequest, watch: WorkflowWatch): Promise<Searched> {
  const { task, rows, families, options, keeper, metric, budget } = request;
  const { clock } = budget;
  const before = clock.now() - budget.begun;
  /** The longest that keeping and measuring a model took. Writing takes as long as keeping, reading it back too. */
  let ending = 0;
  const chosenBy = () => {
    // Texts are read and hashed once more when the folder is written.
    const reserve = fewestReserved + reservedShare * budget.seconds + 3 * ending + before / 4;
    return budget.begun + budget.seconds - reserve;
  };
  const until = () => chosenBy() - (request.averages ? averagingShare * budget.seconds : 0);
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
      { ...watch, signal: run.signal, onProgress: timed(run, rows, clock, watch) },
      {
        metric,
        isTimed: true,
        isUnwanted() {
          trained = clock.now();
          return run.isUnwanted;
        },
      },
    );
    ending = Math.max(ending, clock.now() - trained);
    if (candidate.trained.stopped !== "cancelled") await keeper.release(candidate.name, candidate.trained);
    else if (!watch.signal?.aborted) candidate.result.stopped = "time";
    models.push(candidate);
    return candidate;
  };
  try {
    const trials = trialsOf(task, families, rows.training.texts.length);
    const { stopped, notBegun } = await search({ candidates: trials, clock, until, train, signal: watch.signal });
    for (const { candidate, seconds } of notBegun)
      watch.onMessage?.(
        `${candidate.name}: not begun, as ${seconds === undefined ? "no time is left" : `it would take ${aboutTime(1000 * seconds)}`}.`,
      );
    const whole = await withoutParts(models);
    const isLate = () => clock.now() > chosenBy();
    const ensemble = request.averages && !isLate() ? ensembleFor(request, whole, isLate) : undefined;
    const all = ensemble ? [...whole, ensemble] : whole;
    return { models: all, allowed: allowedOf(all, request.predictLimit), ensemble, stopped, notBegun };
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

/** Why this one, in a sentence or two. */
export function searchFacts(
  { models, allowed, ensemble, stopped, notBegun }: Searched,
  chosen: Candidate,
  { budget, rows, task, predictLimit, metric = task.measures[0] }: SearchRequest,
): SearchFacts {
  const { higherIsBetter = true, isShare, name: figure } = metric;
  const figureOn = ({ result }: Candidate) => result.validation[figure];
  const shown = (value: number) => showFigure(value, isShare);
  const sign = higherIsBetter ? 1 : -1;
  const others = models
    .filter((model) => model !== chosen)
    .sort((a, b) => sign * (figureOn(b) - figureOn(a)))
    .slice(0, 3)
    .map((model) => `${model.name} ${shown(figureOn(model))} in ${aboutTime(1000 * model.trained.seconds)}`);
  const tooSlow = models.filter((model) => !allowed.includes(model)).map(({ name }) => name);
  const counts = [
    `stopped: ${stopped.length}`,
    `not begun: ${notBegun.length}`,
    ...(tooSlow.length > 0 ? [`too slow: ${tooSlow.join(", ")}`] : []),
  ];
  const isAlone = models.length === 1 && notBegun.length > 0;
  const count = rows.validation.texts.length;
  const reason =
    `${chosen.name}: ${loweredTitle(metric.title)} ${shown(figureOn(chosen))} on ${count.toLocaleString("en")} validation rows` +
    `${[...others.map((other, i) => (i === 0 ? `; ${other}` : `, ${other}`))].join("")}; ${counts.join(", ")}.` +
    (chosen === ensemble ? ` ${membersText(ensemble)}` : "") +
    (isAlone ? " The budget was enough for this model alone." : "");
  return {
    budget: budget.seconds,
    seconds: budget.clock.now() - budget.begun,
    reason,
    ...(ensemble && { ensemble: ensemble.members.map(({ model, weight }) => ({ name: model.name, weight })) }),
    ...(predictLimit !== undefined && { predictLimit }),
    tooSlow,
    stopped: stopped.map(({ candidate, seconds, share, score }) => ({
      ...{ name: candidate.name, seconds, share },
      value: monitorOf(rows.head).higherIsBetter ? score : -score,
    })),
    notBegun: notBegun.map(({ candidate, seconds }) => ({
      name: candidate.name,
      ...(seconds !== undefined && { seconds }),
    })),
  };
}

/** Whose answers are averaged, and what that costs. */
function membersText({ members, trained }: Ensemble): string {
  const shares = [...members]
    .sort((a, b) => b.weight - a.weight)
    .map(({ model, weight }) => `${model.name} (${Math.round(100 * weight)} %)`);
  const slowest = Math.max(...members.map(({ model }) => model.trained.answering ?? 0));
  return (
    `It averages the answers of ${shares.slice(0, -1).join(", ")} and ${shares.at(-1)}: ${showMilliseconds(trained.answering ?? 0)} a row, ` +
    `where its slowest member takes ${showMilliseconds(slowest)}.`
  );
}

/** "0.42 ms" */
export function showMilliseconds(seconds: number): string {
  return `${Number((1000 * seconds).toPrecision(2))} ms`;
}
