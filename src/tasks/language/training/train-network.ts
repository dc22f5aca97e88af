// The network families: how long the run is, its steps, and the last measurement.

import { UserError } from "../../../base/errors.js";
import { option, spellOptions } from "../../../base/option.js";
import type { WorkflowWatch } from "../../../base/watch.js";
import { type LanguageNetworkShape, parameterCount, type Trainer } from "../../../networks/language/index.js";
import {
  fixedPlan,
  planSteps,
  type RunLength,
  readCheckpoint,
  secondsOf,
  type UnfinishedRun,
} from "../../../train/index.js";
import type { LanguageTraining, TrainedLanguageModel, TrainingTokens } from "../language-model.js";
import { networkFiles } from "../network-model.js";
import { flopsPerToken, memoryOf, minutes } from "./cost.js";
import type { LanguageTrainingSettings } from "./options.js";
import { fewStepsWarning, planRun, type RunPlan } from "./plan.js";
import { finalLoss, firstVectors, openTrainer, timeSteps, trainRun } from "./train-run.js";

/** Time of training where nothing is asked for, and passes over the text at most. */
const [usualSeconds, mostEpochs] = [600, 20];

/** From the newest checkpoint of the run, where there is one. */
export async function trainLanguageNetwork(
  family: LanguageNetworkShape["family"],
  tokens: TrainingTokens,
  settings: LanguageTrainingSettings,
  { run, seed, threads }: LanguageTraining,
  watch: WorkflowWatch,
): Promise<TrainedLanguageModel> {
  const began = performance.now();
  const plan = planRun(family, settings, { vocabSize: tokens.tokenizer.vocabSize, tokens: tokens.training.length });
  const before = readCheckpoint(run.path, (message) => watch.onMessage?.(message));
  const start = before ? undefined : await firstVectors(plan, tokens, { seed, threads }, watch);
  const trainer = await openTrainer(plan, tokens, { seed, threads, vectors: start?.vectors });
  try {
    const spent = () => (performance.now() - began) / 1000;
    checkDecided(run, wantedSteps(settings, plan, tokens));
    const length = run.decided ?? (await decideLength(settings, plan, tokens, trainer, run, spent, watch));
    const keepLength = (revised: RunLength) => run.decide(revised);
    const options = { length, keepLength, seed, threads, before, startSeconds: start?.seconds ?? 0, spent: spent() };
    const { history, seconds } = await trainRun(trainer, plan, tokens, run.path, options, watch);
    watch.onProgress?.({ stage: "measuring", done: 0, total: 1 });
    const loss = await finalLoss(trainer, length);
    history.at(-1)!.validationLoss = loss;
    const steps = trainer.done;
    return {
      files: networkFiles(plan.shape, trainer.weights(), tokens.tokenizer),
      parameters: parameterCount(plan.shape),
      options: {
        steps,
        sequences: trainer.sequences,
        optimizer: plan.optimizer,
        labelSmoothing: plan.labelSmoothing,
        start: plan.start,
        tokenRateScale: plan.tokenRateScale,
      },
      loss,
      steps,
      tokens: steps * trainer.tokens,
      seconds,
      history,
    };
  } finally {
    await trainer.close();
  }
}

/** Tokens of a step, and steps of an epoch. */
function pace({ sequences, shape }: RunPlan, { training }: TrainingTokens) {
  const perStep = sequences * shape.contextLength;
  return { perStep, perEpoch: Math.max(1, Math.ceil(training.length / perStep)) };
}

/** Steps that the options ask for; undefined where time decides. */
function wantedSteps(settings: LanguageTrainingSettings, plan: RunPlan, tokens: TrainingTokens): number | undefined {
  const { perEpoch } = pace(plan, tokens);
  return settings.steps ?? (settings.epochs && Math.max(1, Math.round(settings.epochs * perEpoch)));
}

/** @throws UserError when a run goes on by more steps than the options ask for */
function checkDecided({ decided, path }: UnfinishedRun<RunLength>, wanted: number | undefined): void {
  const steps = decided?.plans.at(-1)?.steps;
  if (steps === undefined || wanted === undefined || steps <= wanted) return;
  throw new UserError(
    `The unfinished run in '${path}' decided on ${steps} steps, but its options ask for ${wanted}: its facts are damaged. To start ` +
      `again, remove the folder, or choose another one with ${option("out")}.`,
  );
}

/** Decides how many steps there will be, keeps that, and says what they cost. @param spent seconds so far */
async function decideLength(
  settings: LanguageTrainingSettings,
  plan: RunPlan,
  tokens: TrainingTokens,
  trainer: Trainer,
  run: UnfinishedRun<RunLength>,
  spent: () => number,
  watch: WorkflowWatch,
): Promise<RunLength> {
  const { perStep, perEpoch } = pace(plan, tokens);
  const wanted = wantedSteps(settings, plan, tokens);
  const fixed = wanted === undefined ? undefined : { plans: [fixedPlan(wanted)] };
  // A run that is stopped while its steps are timed need not time them again.
  if (fixed) run.decide(fixed);
  watch.onProgress?.({ stage: "timing a few steps", done: 0, total: 1 });
  const times = await timeSteps(trainer);
  const isAsked = settings.budget !== undefined;
  const budget = settings.budget === undefined ? usualSeconds : secondsOf(settings.budget);
  const most = isAsked ? undefined : mostEpochs * perEpoch;
  const length = fixed ?? { plans: [planSteps(budget - spent(), times, { most, budget })], times, budget, most };
  const [{ steps, looks }] = length.plans;
  const seconds = steps * times.step + (looks + 1) * times.look;
  watch.onMessage?.(costText(plan.shape, steps, perStep, perEpoch, seconds));
  const warning = isAsked ? fewStepsWarning(steps, budget) : undefined;
  if (warning) watch.onMessage?.(spellOptions(warning, watch.spellOption));
  if (!fixed) run.decide(length);
  return length;
}

function costText(
  shape: LanguageNetworkShape,
  steps: number,
  perStep: number,
  perEpoch: number,
  seconds: number,
): string {
  const parameters = parameterCount(shape);
  const flops = flopsPerToken(shape) * perStep * steps;
  return [
    `${shape.family}: ${number(parameters)} parameters, ${shape.layers} layers of width ${shape.width}, context ` +
      `${shape.contextLength}.`,
    `${number(steps)} steps of ${number(perStep)} tokens (${(steps / perEpoch).toFixed(1)} passes over the text), ` +
      `${flops.toExponential(1)} operations,`,
    `about ${(memoryOf(shape, parameters) / 1e9).toFixed(1)} GB of memory and ${minutes(seconds)}.`,
  ].join("\n");
}

const number = (value: number) => value.toLocaleString("en");
