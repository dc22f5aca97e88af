// Trains models of every family on a table, compares them on held-out rows and writes the folder of one of them. Knows no
// task and no family.
import { availableParallelism } from "node:os";
import { CancelledError, UserError } from "../../base/errors.js";
import { option, spellOptions } from "../../base/option.js";
import { mixSeed } from "../../base/random.js";
import { type WorkflowWatch, watchFor } from "../../base/watch.js";
import { readWordVectors } from "../../embeddings/index.js";
import { checkFolderOut, originOf } from "../../folders/index.js";
import { loweredTitle, showFigure } from "../../report/figure.js";
import { checkOutputs, type Table } from "../../tables/index.js";
import {
  type Comparison,
  fingerprintOf,
  type LabelValue,
  leftOutMessage,
  type ModelResult,
  predictTexts,
  readLabelled,
  type SplitRows,
  splitRows,
  type Task,
  type TaskName,
  type TextModel,
  type Training,
  type TrainingOptions,
  tasks,
  writeModel,
} from "../../tasks/index.js";
import { readPretrainedNetwork } from "../../tasks/language/index.js";
import { withTable } from "../add-columns.js";
import { findTask, taskHint } from "./find-task.js";
import { type TrainOptions, trainOptionsSchema } from "./options.js";
import { tellTime } from "./tell-time.js";

export interface TrainResult {
  /** The model folder. */
  folder: string;
  task: TaskName;
  comparison: Comparison;
  /** What the model answers: the task's own part. */
  answers: unknown;
  /** Training was aborted: the folder contains the best model so far. */
  cancelled: boolean;
}

/** With more answers, how long training will take is told at its beginning. */
const manyAnswers = 300;

interface Candidate {
  name: string;
  training: Training;
  result: ModelResult;
  /** For the held-out rows. */
  answers: Float32Array;
}

/**
 * Trains, measures and writes. After an abort signal, the finished families (and the network in training, at its best
 * epoch) are measured and the best is written.
 *
 * @throws UserError for wrong input; CancelledError when aborted before any model is finished
 * @example
 * const { comparison } = await trainModel("reviews.csv", { text: ["review"], label: "stars" });
 */
export async function trainModel(path: string, options: TrainOptions, watch: WorkflowWatch = {}): Promise<TrainResult> {
  const settings = trainOptionsSchema.parse(options);
  const { text, label, test, seed, splitSeed, epochs, embeddings, freezeEmbeddings, out, table, query } = settings;
  const threads = settings.threads ?? availableParallelism();
  if (freezeEmbeddings && embeddings === undefined)
    throw new UserError(`${option("freezeEmbeddings")} needs ${option("embeddings")}, the vectors to freeze.`);
  if (path === "-" && test === "-") throw new UserError("Only one of the two tables can be standard input.");
  const origin = originOf({ path, table, query }, { text, label });
  checkFolderOut(out, "text-model", { origin, overwrite: settings.overwrite });
  checkFamily(settings);
  await checkOutputs({ inputs: [path, test, embeddings, settings.base], outputs: [out] });

  const vectors = embeddings === undefined ? undefined : await readWordVectors(embeddings, watch.onMessage);
  const base = settings.base === undefined ? undefined : await readPretrainedNetwork(settings.base);
  watch.onProgress?.({ stage: "reading the table", done: 0, total: 1 });
  const { taskName, task, read } = await withTable({ path, table, query }, watch, async (opened) => {
    const taskName = await findTask(opened, settings);
    const task = await tasks[taskName].load();
    return { taskName, task, read: await readLabelled(task, opened, path, { text, label }) };
  });
  const readTest = (opened: Table) => readLabelled(task, opened, test as string, { text, label });
  const testRead = test === undefined ? undefined : await withTable({ path: test }, watch, readTest);
  const warnings: string[] = [];
  const warn = (...given: (string | undefined)[]) => {
    for (const warning of given.flatMap((one) => (one === undefined ? [] : [spellOptions(one, watch.spellOption)]))) {
      warnings.push(warning);
      watch.onMessage?.(warning);
    }
  };
  // Before the split, which may find that these are not labels.
  if (settings.task === undefined && taskName === "classify") warn(taskHint(read.labels, label));
  const rows = splitRows(task, read, testRead, splitSeed, settings);
  warn(leftOutMessage(read), testRead && leftOutMessage(testRead), ...rows.warnings);
  const { training, validation, heldOut } = rows;
  watch.onMessage?.(
    `${training.texts.length} training, ${validation.texts.length} validation and ${heldOut.texts.length} held-out ` +
      `rows, ${task.extent(rows.space)}.`,
  );

  const candidates: Candidate[] = [];
  try {
    for (const name of wantedFamilies(task, settings)) {
      if (watch.signal?.aborted && candidates.length > 0) break;
      const candidate = await trainFamily(
        task,
        name,
        rows,
        { seed, threads, epochs, vectors, freezeVectors: freezeEmbeddings, base },
        watch,
      ).catch((error: unknown) => {
        if (error instanceof CancelledError && candidates.length > 0) return undefined;
        throw error;
      });
      if (candidate) candidates.push(candidate);
    }
    const answers = candidates.map(({ training }) => training.validation);
    const winner = candidates[task.pick(answers, validation.targets, rows.space)];
    const chosen = candidates.find(({ name }) => name === settings.model) ?? winner;
    const cancelled = watch.signal?.aborted ?? false;
    if (cancelled)
      warnings.push(
        `Training was stopped early; the model is the best of ${candidates.map((c) => c.name).join(", ")}.`,
      );
    const counts = { skippedEmptyText: 0, skippedEmptyLabel: 0 };
    for (const part of [read, testRead]) {
      counts.skippedEmptyText += part?.skippedEmptyText ?? 0;
      counts.skippedEmptyLabel += part?.skippedEmptyLabel ?? 0;
    }
    const comparison: Comparison = {
      formatVersion: 2,
      task: taskName,
      heldOutSource: heldOut.source,
      rows: {
        training: training.texts.length,
        validation: validation.texts.length,
        heldOut: heldOut.texts.length,
        ...counts,
        sharedWithTest: rows.sharedWithTest,
      },
      baselines: [...task.baselines(rows.labels.training, heldOut.labels, rows.space)],
      models: candidates.map(({ result }) => result),
      winner: winner.name,
      family: chosen.name,
      warnings,
    };
    const space = task.settle(rows.space, chosen.training.validation, validation.targets);
    const facts = {
      family: chosen.name,
      task: taskName,
      textColumns: text,
      labelColumn: label,
      labelType: read.labelType,
      answers: space,
      options: {
        seed,
        splitSeed,
        epochs,
        embeddings,
        ...(freezeEmbeddings && { freezeEmbeddings }),
        base: settings.base,
      },
      data: {
        source: read.source,
        trainingRows: training.texts.length,
        validationRows: validation.texts.length,
        heldOutRows: heldOut.texts.length,
        fingerprint: fingerprintOf(rows),
      },
      parameters: chosen.training.model.parameters,
    };
    const sections = task.report({
      family: chosen.name,
      space,
      scores: chosen.result.heldOut,
      labelColumn: label,
      heldOut,
      answers: chosen.answers,
      labels: [...rows.labels.training, ...rows.labels.validation, ...heldOut.labels],
      baselines: comparison.baselines,
    });
    const seen = [...training.texts, ...validation.texts];
    await writeModel(out, facts, await chosen.training.model.files(), comparison, sections, { origin, seen });
    return { folder: out, task: taskName, comparison, answers: space, cancelled };
  } finally {
    for (const { training } of candidates) await training.model.close();
  }
}

interface FamilyChoice {
  model: string;
  base?: string;
}

function checkFamily({ model, base }: FamilyChoice): void {
  if (model === "pretrained" && base === undefined)
    throw new UserError(
      `${option("model")} pretrained needs ${option("base")}, the folder of a pretrained language model.`,
    );
  if (base !== undefined && model !== "pretrained" && model !== "all")
    throw new UserError(
      `${option("base")} is for ${option("model")} pretrained (or all), not for ${option("model")} ` +
        `${model}. Omit one of them.`,
    );
}

/** The baseline, and what was asked for. */
function wantedFamilies({ families }: Task, { model, base }: FamilyChoice): string[] {
  return Object.keys(families).filter(
    (name) => name === "linear" || name === model || (model === "all" && (name !== "pretrained" || base !== undefined)),
  );
}

async function trainFamily(
  task: Task,
  name: string,
  rows: SplitRows,
  options: TrainingOptions,
  watch: WorkflowWatch,
): Promise<Candidate> {
  const { head, validation, heldOut } = rows;
  const family = await task.families[name].load();
  const started = performance.now();
  const seeded = { ...options, seed: mixSeed(options.seed, 3) };
  const own = watchFor(name, watch);
  const tell = (time: string) =>
    watch.onMessage?.(`${name}: training with ${task.extent(rows.space)} will take ${time}.`);
  const training = await family.train(
    rows,
    seeded,
    head.width > manyAnswers ? tellTime(own, name === "linear" ? 1.5 : 1, tell) : own,
  );
  const trainingSeconds = (performance.now() - started) / 1000;
  try {
    const { model, epochs, keptEpoch, kept, stopped } = training;
    const listener = { onProgress: watch.onProgress };
    const answers = await predictTexts(model, heldOut.texts, `${name}: measuring`, listener);
    // Each model is measured with what its own answers for the validation rows tell.
    const space = task.settle(rows.space, training.validation, validation.targets);
    const scored = (labels: readonly LabelValue[], own: Float32Array) => task.score(labels, own, space, options.seed);
    const onValidation = task.figures(scored(rows.labels.validation, training.validation));
    const heldOutScores = scored(heldOut.labels, answers);
    const { name: monitor, isShare } = head.figure;
    const result: ModelResult = {
      family: name,
      validation: Object.fromEntries(onValidation.map(({ name, value }) => [name, value])),
      figures: task.figures(heldOutScores),
      heldOut: heldOutScores,
      trainingSeconds,
      parameters: model.parameters,
      ...(epochs.length > 0 && { monitor: { name: monitor, isShare } }),
      epochs,
      keptEpoch,
      kept,
      stopped,
    };
    const [figure] = onValidation;
    const shown = `validation ${loweredTitle(figure.title)} ${showFigure(figure.value, figure.isShare)}`;
    watch.onMessage?.(`${name}: ${shown}, trained in ${trainingSeconds.toFixed(1)} s.`);
    return { name, training, result, answers };
  } catch (error) {
    await closeQuietly(training.model);
    throw error;
  }
}

async function closeQuietly(model: TextModel): Promise<void> {
  await model.close().catch(() => {});
}
