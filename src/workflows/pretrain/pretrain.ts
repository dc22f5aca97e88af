// Pretrains a language model on the texts of a table: tokenizer, tokens, training, and the model folder.
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { UserError } from "../../base/errors.js";
import { writeFault } from "../../base/outputs.js";
import type { TokenSource } from "../../data/index.js";
import { renderPretrainingReport } from "../../evaluate/index.js";
import { type OwnFacts, writeFolder } from "../../folders/index.js";
import { networkFiles, ngramFiles, ngramLanguageModel, trainNgram } from "../../models/language-model/index.js";
import { type NetworkShape, parameterCount } from "../../models/language-model/network/index.js";
import { type ModelFiles, writeModelFiles } from "../../models/model-files.js";
import { checkOutputs } from "../../tables/index.js";
import type { WorkflowWatch } from "../watch.js";
import { type HistoryPoint, readCheckpoint } from "./checkpoints.js";
import { flopsPerToken, memoryOf } from "./cost.js";
import { planRun, type RunPlan, secondsOf } from "./plan.js";
import { isShare, type PreparedTokens, prepareTokens, readPrepared } from "./prepare-tokens.js";
import { type PretrainOptions, type PretrainSettings, pretrainOptionsSchema } from "./pretrain-options.js";
import { openRun, type RunFolder, removeRun } from "./run-folder.js";
import { finalLoss, firstVectors, timeSteps, trainRun } from "./train-run.js";

export interface PretrainResult {
  /** The model folder. */
  folder: string;
  family: string;
  parameters: number;
  vocabSize: number;
  /** Of the validation text. Absent where it was not measured: a masked model's loss is no loss of a text. */
  validation: { heldOut: string; loss?: number; perplexity?: number; bitsPerByte?: number };
  /** Of a network. */
  steps?: number;
  tokens: number;
  seconds: number;
  history: HistoryPoint[];
}

interface Trained {
  files: ModelFiles;
  parameters: number;
  options: Record<string, unknown>;
  loss?: number;
  steps?: number;
  tokens: number;
  seconds: number;
  history: HistoryPoint[];
}

/** Time of training where nothing is asked for, and passes over the text at most. */
const [usualSeconds, mostEpochs] = [600, 20];

/**
 * Trains, measures and writes. After a stop of any kind `resume` goes on from the last checkpoint, with the same bits as
 * a run that was never stopped.
 *
 * @throws UserError for wrong input; CancelledError after an abort
 * @example
 * const { validation } = await pretrain("novels/*.txt", { tokenizer: "bpe", budget: "30m", out: "lm" });
 */
export async function pretrain(
  path: string,
  options: PretrainOptions,
  watch: WorkflowWatch & { checkpointEvery?: number } = {},
): Promise<PretrainResult> {
  const settings = pretrainOptionsSchema.parse(options);
  checkTogether(settings, path);
  const threads = settings.threads ?? availableParallelism();
  const { validation, tokenizer } = settings;
  await checkOutputs({
    inputs: [path, isShare(validation) ? undefined : validation, tokenizer],
    outputs: [settings.out],
  });
  const run = openRun(path, settings);
  let tokens: PreparedTokens | undefined;
  let isLost = false;
  try {
    tokens = readPrepared(run.path) ?? (await prepareTokens(path, settings, run.path, watch));
    const { facts: corpus, tokenizer } = tokens;
    watch.onMessage?.(
      `${corpus.source}: ${number(tokens.training.length)} tokens to train on, ${number(tokens.validation.length)} held ` +
        `out (${corpus.heldOut}), a vocabulary of ${number(tokenizer.vocabSize)}.`,
    );
    const trained =
      settings.model === "ngram"
        ? await trainNgramModel(settings, tokens, watch)
        : await trainNetwork(settings, tokens, run, threads, watch);
    const facts: Omit<OwnFacts<"language-model">, "model"> = {
      family: settings.model,
      parameters: trained.parameters,
      textColumns: settings.text ?? [],
      vocabSize: tokenizer.vocabSize,
      options: { seed: settings.seed, ...trained.options },
      data: {
        source: corpus.source,
        trainingTexts: corpus.training.texts,
        validationTexts: corpus.validation.texts,
        trainingTokens: tokens.training.length,
        validationTokens: tokens.validation.length,
        fingerprint: corpus.fingerprint,
      },
    };
    const result = resultOf(settings, tokens, trained);
    if (result.validation.loss === undefined)
      watch.onMessage?.(`No loss was measured: the text held out (${corpus.heldOut}) has no token to measure on.`);
    await writeRun(settings.out, facts, trained.files, result, run.origin);
    return result;
  } catch (error) {
    // Before the first step there is nothing to go on with: the mended command starts anew.
    isLost = run.steps === undefined;
    throw writeFault(error, settings.out);
  } finally {
    tokens?.close();
    run.unlock();
    if (isLost) removeRun(run);
  }
}

async function trainNetwork(
  settings: PretrainSettings,
  tokens: PreparedTokens,
  run: RunFolder,
  threads: number,
  watch: WorkflowWatch & { checkpointEvery?: number },
): Promise<Trained> {
  const { seed } = settings;
  const plan = planRun(settings, { vocabSize: tokens.tokenizer.vocabSize, tokens: tokens.training.length });
  const before = readCheckpoint(run.path, (message) => watch.onMessage?.(message));
  const start = before ? undefined : await firstVectors(plan, tokens, { seed, threads }, watch);
  const steps = run.steps ?? (await decideSteps(settings, plan, tokens, threads, start?.seconds ?? 0, watch));
  run.keepSteps(steps);
  const checkpointEvery = watch.checkpointEvery ?? 15;
  const { trainer, history, seconds } = await trainRun(
    plan,
    tokens,
    run.path,
    { steps, seed, threads, checkpointEvery, before, start },
    watch,
  );
  try {
    watch.onProgress?.({ stage: "measuring", done: 0, total: 1 });
    const loss = await finalLoss(trainer);
    const last = history.at(-1)!;
    last.validationLoss = loss;
    const weights = trainer.weights();
    return {
      files: networkFiles(plan.shape, weights, tokens.tokenizer),
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

/** Times a few steps, says what the run will cost, and gives its number of steps. */
async function decideSteps(
  settings: PretrainSettings,
  plan: RunPlan,
  tokens: PreparedTokens,
  threads: number,
  secondsSpent: number,
  watch: WorkflowWatch,
): Promise<number> {
  watch.onProgress?.({ stage: "timing a few steps", done: 0, total: 1 });
  const time = await timeSteps(plan, tokens, { seed: settings.seed, threads });
  const perStep = plan.sequences * plan.shape.contextLength;
  const perEpoch = Math.max(1, Math.ceil(tokens.training.length / perStep));
  const within = (seconds: number) => Math.max(1, Math.floor((seconds - 20 * time.evaluation) / time.step));
  const steps =
    settings.steps ??
    (settings.epochs !== undefined
      ? Math.max(1, Math.round(settings.epochs * perEpoch))
      : settings.budget !== undefined
        ? within(secondsOf(settings.budget) - secondsSpent)
        : Math.min(mostEpochs * perEpoch, within(usualSeconds)));
  watch.onMessage?.(costText(plan.shape, steps, perStep, perEpoch, steps * time.step + 20 * time.evaluation));
  return steps;
}

function costText(shape: NetworkShape, steps: number, perStep: number, perEpoch: number, seconds: number): string {
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

async function trainNgramModel(
  settings: PretrainSettings,
  tokens: PreparedTokens,
  watch: WorkflowWatch,
): Promise<Trained> {
  const { order } = settings;
  const { tokenizer, training } = tokens;
  const endId = tokenizer.roles.endOfText;
  const started = performance.now();
  const model = await trainNgram(textsOf(training, endId), { order, vocabSize: tokenizer.vocabSize, endId }, watch);
  const seconds = (performance.now() - started) / 1000;
  const judge = ngramLanguageModel(model, tokenizer);
  let [sum, count] = [0, 0];
  for (const text of textsOf(tokens.validation, endId)) {
    const [scores] = await judge.logProbabilities([text]);
    for (const value of scores) sum += value;
    count += text.length;
  }
  return {
    files: ngramFiles(model, tokenizer),
    parameters: judge.parameters,
    options: { order },
    loss: count > 0 ? -sum / count : undefined,
    tokens: training.length,
    seconds,
    history: [],
  };
}

/** Texts of a token file, one at a time; without an end token all of it is one. */
function* textsOf(source: TokenSource, endId: number | undefined): Generator<Int32Array> {
  const chunk = 1 << 20;
  let parts: number[] = [];
  for (let from = 0; from < source.length; from += chunk)
    for (const id of source.read(from, Math.min(chunk, source.length - from))) {
      if (id !== endId) parts.push(id);
      else {
        if (parts.length > 0) yield Int32Array.from(parts);
        parts = [];
      }
    }
  if (parts.length > 0) yield Int32Array.from(parts);
}

function resultOf(settings: PretrainSettings, tokens: PreparedTokens, trained: Trained): PretrainResult {
  const { facts, tokenizer, validation } = tokens;
  const { loss } = trained;
  const isText = loss !== undefined && settings.objective !== "masked";
  const perplexity = isText ? Math.exp(loss) : undefined;
  const bits = isText ? (loss * validation.length) / Math.log(2) / facts.validationBytes : undefined;
  const measured = { loss, perplexity: finite(perplexity), bitsPerByte: finite(bits) };
  return {
    folder: settings.out,
    family: settings.model,
    parameters: trained.parameters,
    vocabSize: tokenizer.vocabSize,
    validation: { heldOut: facts.heldOut, ...measured },
    steps: trained.steps,
    tokens: trained.tokens,
    seconds: trained.seconds,
    history: trained.history,
  };
}

/** JSON knows no infinity; a figure that is none is not written. */
const finite = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value : undefined);

/** The model takes the place of the run's folder in one go. */
async function writeRun(
  out: string,
  facts: Omit<OwnFacts<"language-model">, "model">,
  files: ModelFiles,
  result: PretrainResult,
  origin: string | undefined,
): Promise<void> {
  const fill = (aside: string) => {
    writeModelFiles(aside, files);
    const { folder, ...metrics } = result;
    writeFileSync(join(aside, "metrics.json"), `${JSON.stringify({ formatVersion: 1, ...metrics }, null, 2)}\n`);
    writeFileSync(
      join(aside, "report.html"),
      renderPretrainingReport({
        title: `Language model of ${facts.data.source}`,
        ...result,
        trainingTokens: facts.data.trainingTokens,
        settings: Object.entries(facts.options).map(([name, value]) => [name, JSON.stringify(value)] as const),
      }),
    );
  };
  await writeFolder(out, "language-model", { ...facts, model: files.config }, fill, { origin });
}

function checkTogether(settings: PretrainSettings, path: string): void {
  const { steps, epochs, budget, model, objective } = settings;
  const given = Object.entries({ steps, epochs, budget }).filter(([, value]) => value !== undefined);
  if (given.length > 1)
    throw new UserError(`--${given[0][0]} and --${given[1][0]} both say how long to train. Give one of them.`);
  if (budget !== undefined) secondsOf(budget);
  if (model !== "transformer" && objective === "masked")
    throw new UserError(`--objective masked needs --model transformer, not ${model}.`);
  if (path === "-" && settings.validation === "-")
    throw new UserError("Only one of the two tables can be standard input.");
}

const number = (value: number) => value.toLocaleString("en");

function minutes(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} seconds`;
  return `${Math.round(seconds / 60)} minutes`;
}
