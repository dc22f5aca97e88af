// Pretrains a language model on the texts of a table: tokenizer, tokens, training, and the model folder.
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { writeFault } from "../../base/outputs.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { type OwnFacts, originOf, writeFolder } from "../../folders/index.js";
import { type ModelFiles, writeModelFiles } from "../../folders/model-files.js";
import { checkOutputs } from "../../tables/index.js";
import {
  type HistoryPoint,
  languageModelFamilies,
  languageModelFamilyNames,
  type TrainedLanguageModel,
} from "../../tasks/language/index.js";
import { renderPretrainingReport } from "../../tasks/language/report/render-pretraining-report.js";
import { openRun, runLengthSchema, secondsOf } from "../../train/index.js";
import { type PretrainOptions, type PretrainSettings, pretrainOptionsSchema } from "./options.js";
import { isShare, prepareTokens } from "./prepare-tokens.js";
import { type PreparedTokens, readPrepared } from "./prepared-tokens.js";

export interface PretrainResult {
  /** The model folder. */
  folder: string;
  family: string;
  parameters: number;
  vocabSize: number;
  /** On the validation text. Absent for masked models, whose loss is not the loss of a text. */
  validation: { heldOut: string; loss?: number; perplexity?: number; bitsPerByte?: number };
  /** For networks. */
  steps?: number;
  tokens: number;
  seconds: number;
  history: HistoryPoint[];
}

/**
 * Trains, measures and writes. After any interruption `resume` continues from the last checkpoint, with the same bits as
 * an uninterrupted run.
 *
 * @throws UserError for wrong input; CancelledError after an abort
 * @example
 * const { validation } = await pretrain("novels/*.txt", { tokenizer: "bpe", budget: "30m", out: "lm" });
 */
export async function pretrain(
  path: string,
  given: PretrainOptions,
  watch: WorkflowWatch = {},
): Promise<PretrainResult> {
  const settings = pretrainOptionsSchema.parse(given);
  checkTogether(settings, path);
  const threads = settings.threads ?? availableParallelism();
  const { validation, tokenizer } = settings;
  await checkOutputs({
    inputs: [path, isShare(validation) ? undefined : validation, tokenizer],
    outputs: [settings.out],
  });
  const { out, table, query, text = [] } = settings;
  const origin = originOf({ path, table, query }, { text });
  const options = { path, ...settings };
  const request = { out, becomes: "language-model" as const, options, origin, decided: runLengthSchema };
  const run = openRun(request, (message) => watch.onMessage?.(message));
  let tokens: PreparedTokens | undefined;
  let isLost = false;
  try {
    tokens = readPrepared(run.path) ?? (await prepareTokens(path, settings, run.path, watch));
    const { facts: corpus, tokenizer } = tokens;
    watch.onMessage?.(
      `${corpus.source}: ${number(tokens.training.length)} tokens to train on, ${number(tokens.validation.length)} held ` +
        `out (${corpus.heldOut}), a vocabulary of ${number(tokenizer.vocabSize)}.`,
    );
    const family = await languageModelFamilies[settings.model].load();
    const trained = await family.train(tokens, settings, { run, seed: settings.seed, threads }, watch);
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
    await writeRun(settings.out, facts, trained.files, result, origin);
    return result;
  } catch (error) {
    // Before the first step there is nothing to go on with: the mended command starts anew.
    isLost = run.decided === undefined;
    throw writeFault(error, settings.out);
  } finally {
    tokens?.close();
    run.close({ forget: isLost });
  }
}

function resultOf(settings: PretrainSettings, tokens: PreparedTokens, trained: TrainedLanguageModel): PretrainResult {
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
    throw new UserError(
      `${option(given[0][0])} and ${option(given[1][0])} both set the length of training. Use only one of them.`,
    );
  if (budget !== undefined) secondsOf(budget);
  const learns = (name: keyof typeof languageModelFamilies) =>
    languageModelFamilies[name].objectives.some((one) => one === objective);
  if (!learns(model))
    throw new UserError(
      `${option("objective")} ${objective} needs ${option("model")} ${languageModelFamilyNames.filter(learns).join(" or ")}, ` +
        `not ${model}.`,
    );
  if (path === "-" && settings.validation === "-")
    throw new UserError("Only one of the two tables can be standard input.");
}

const number = (value: number) => value.toLocaleString("en");
