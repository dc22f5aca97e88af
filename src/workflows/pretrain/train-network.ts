// The network families: how long the run is, its steps, and the last measurement.

import { spellOptions } from "../../base/option.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { type LanguageNetworkShape, parameterCount, type Trainer } from "../../networks/language/index.js";
import { networkFiles } from "../../tasks/language/index.js";
import {
  fixedPlan,
  planSteps,
  type RunLength,
  readCheckpoint,
  secondsOf,
  type UnfinishedRun,
} from "../../train/index.js";
import { flopsPerToken, memoryOf, minutes } from "./cost.js";
import type { PretrainSettings } from "./options.js";
import { fewStepsWarning, planRun, type RunPlan } from "./plan.js";
import type { PreparedTokens } from "./prepare-tokens.js";
import { finalLoss, firstVectors, openTrainer, timeSteps, trainRun } from "./train-run.js";
import type { TrainedModel } from "./trained-model.js";

/** Time of training where nothing is asked for, and passes over the text at most. */
const [usualSeconds, mostEpochs] = [600, 20];

/** From the newest checkpoint of `run`, where there is one. */
export async function pretrainNetwork(
  settings: PretrainSettings,
  tokens: PreparedTokens,
  run: UnfinishedRun<RunLength>,
  threads: number,
  watch: WorkflowWatch,
): Promise<TrainedModel> {
  const { seed } = settings;
  const began = performance.now();
  const plan = planRun(settings, { vocabSize: tokens.tokenizer.vocabSize, tokens: tokens.training.length });
  const before = readCheckpoint(run.path, (message) => watch.onMessage?.(message));
  const start = before ? undefined : await firstVectors(plan, tokens, { seed, threads }, watch);
  const trainer = await openTrainer(plan, tokens, { seed, threads, vectors: start?.vectors });
  try {
    const spent = () => (performance.now() - began) / 1000;
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

/** Decides how many steps there will be, keeps that, and says what they cost. @param spent seconds so far */
async function decideLength(
  settings: PretrainSettings,
  plan: RunPlan,
  tokens: PreparedTokens,
  trainer: Trainer,
  run: UnfinishedRun<RunLength>,
  spent: () => number,
  watch: WorkflowWatch,
): Promise<RunLength> {
  const perStep = plan.sequences * plan.shape.contextLength;
  const perEpoch = Math.max(1, Math.ceil(tokens.training.length / perStep));
  const wanted = settings.steps ?? (settings.epochs && Math.max(1, Math.round(settings.epochs * perEpoch)));
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
