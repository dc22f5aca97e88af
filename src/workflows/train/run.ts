// Trains models of every family on a table, compares them on held-out rows and writes the folder of one of them. Knows no
// task and no family.
import { availableParallelism } from "node:os";
import { CancelledError, UserError } from "../../base/errors.js";
import { option, spellOptions } from "../../base/option.js";
import { showBytes } from "../../base/show-bytes.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { bytesOfFiles, originOf } from "../../folders/index.js";
import { findModel } from "../../hub/index.js";
import { openVectors, vectorsPath } from "../../row-vectors/index.js";
import { checkOutputs, type Table } from "../../tables/index.js";
import { openBase } from "../../tasks/families/base.js";
import { foldRows } from "../../tasks/fold-rows.js";
import {
  type Comparison,
  fingerprintOf,
  leftOutMessage,
  readLabelled,
  splitRows,
  type TaskName,
  tasks,
  writeModel,
} from "../../tasks/index.js";
import { measureOf } from "../../tasks/measure-of.js";
import { openRun, secondsOf } from "../../train/index.js";
import { withTable } from "../add-columns.js";
import { checkDecision, decisionOf } from "../decision-options.js";
import { augmentRows } from "./augment-rows.js";
import { judge } from "./choose-by-folds.js";
import { crossFit } from "./cross-fit.js";
import { encoderHint } from "./encoder-hint.js";
import { findTask, taskHint } from "./find-task.js";
import { type TrainOptions, type TrainSettings, trainOptionsSchema } from "./options.js";
import { figureFacts, judgedBy, pickModel } from "./pick-model.js";
import { openBudget, type SearchRequest, searchModels } from "./search.js";
import { searchFacts } from "./search-facts.js";
import { type Candidate, trainFamily } from "./train-family.js";
import { familyKeeper, holdsWork, keptSchema, type TrainRun } from "./unfinished.js";
import { checkFamilies, wantedFamilies } from "./wanted-families.js";

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

/**
 * Trains, measures and writes. After an abort signal, the finished families (and the network in training, at its best
 * epoch) are measured and the best is written. After any other interruption `resume` goes on from the last checkpoint, to the same bits.
 *
 * @throws UserError for wrong input; CancelledError when aborted before any model is finished
 * @example
 * const { comparison } = await trainModel("reviews.csv", { text: ["review"], label: "stars" });
 */
export async function trainModel(path: string, options: TrainOptions, watch: WorkflowWatch = {}): Promise<TrainResult> {
  const settings = trainOptionsSchema.parse(options);
  const { out, text, label, table, query } = settings;
  const origin = originOf({ path, table, query }, { text, label });
  const say = (message: string) => watch.onMessage?.(spellOptions(message, watch.spellOption));
  const asked = { path, ...settings };
  let isLost = false;
  const run = openRun({ out, becomes: "text-model", options: asked, origin, decided: keptSchema }, say);
  try {
    return await trainInRun(path, settings, run, origin, watch);
  } catch (error) {
    // Nothing is kept yet: the mended command starts anew.
    isLost = !holdsWork(run);
    throw error;
  } finally {
    run.close({ forget: isLost });
  }
}

async function trainInRun(
  path: string,
  settings: TrainSettings,
  run: TrainRun,
  origin: string | undefined,
  watch: WorkflowWatch,
): Promise<TrainResult> {
  const {
    text,
    label,
    test,
    group,
    time,
    folds,
    seed,
    splitSeed,
    epochs,
    embeddings,
    freezeEmbeddings,
    out,
    table,
    query,
  } = settings;
  const threads = settings.threads ?? availableParallelism();
  const decision = decisionOf(settings);
  const budget = settings.budget === undefined ? undefined : openBudget(secondsOf(settings.budget), watch.begun);
  const predictLimit =
    settings.predictLimit === undefined ? undefined : secondsOf(settings.predictLimit, "predictLimit", "2ms");
  if (predictLimit !== undefined && !budget)
    throw new UserError(`${option("predictLimit")} needs ${option("budget")}, the time to look for such a model.`);
  if (freezeEmbeddings && embeddings === undefined)
    throw new UserError(`${option("freezeEmbeddings")} needs ${option("embeddings")}, the vectors to freeze.`);
  if (folds !== undefined && settings.augmentSwaps.length > 0)
    throw new UserError(
      `${option("augmentSwaps")} changes the rows that ${option("folds")} would answer. Omit one of them.`,
    );
  if (path === "-" && test === "-") throw new UserError("Only one of the two tables can be standard input.");
  const found = settings.base === undefined ? undefined : findModel(settings.base);
  await checkOutputs({ inputs: [path, test, vectorsPath(embeddings), found?.path], outputs: [out] });

  if (group !== undefined && time !== undefined)
    throw new UserError(`${option("group")} and ${option("time")} divide the rows in two ways. Omit one of them.`);
  if (folds !== undefined && time !== undefined)
    throw new UserError(
      `${option("folds")} trains models on later rows to answer earlier ones, which ${option("time")} rules out. Omit one of them.`,
    );
  const vectors = embeddings === undefined ? undefined : await openVectors(embeddings, watch.onMessage);
  const base = found && (await openBase(found));
  watch.onProgress?.({ stage: "reading the table", done: 0, total: 1 });
  const { taskName, task, read } = await withTable({ path, table, query }, watch, async (opened) => {
    const taskName = await findTask(opened, settings);
    const task = await tasks[taskName].load();
    checkFamilies(task, settings, base);
    return {
      taskName,
      task,
      read: await readLabelled(task, opened, path, { text, label, others: [group ?? time].filter(isGiven) }),
    };
  });
  const readTest = (opened: Table) =>
    readLabelled(task, opened, test as string, { text, label, others: [group].filter(isGiven) });
  const testRead = test === undefined ? undefined : await withTable({ path: test }, watch, readTest);
  const warnings: string[] = [];
  const warn = (...given: (string | undefined)[]) => {
    for (const warning of given.flatMap((one) => (one === undefined ? [] : [spellOptions(one, watch.spellOption)]))) {
      warnings.push(warning);
      watch.onMessage?.(warning);
    }
  };
  // Before the split, which may find that these are not labels.
  if (settings.task === undefined) warn(await taskHint(taskName, read.labels, label));
  const split = splitRows(task, read, testRead, splitSeed, settings);
  const { rows: augmented, warnings: unchanged } = await augmentRows(split, settings.augmentSwaps, splitSeed, watch);
  const metric = settings.metric === undefined ? undefined : measureOf(task, settings.metric);
  const rows = metric ? judgedBy(task, augmented, metric) : augmented;
  if (decision) checkDecision(task, rows.space, decision);
  const folding = folds === undefined ? undefined : foldRows(task, rows, folds, splitSeed);
  warn(leftOutMessage(read), testRead && leftOutMessage(testRead));
  warn(...rows.warnings, ...unchanged, ...(folding?.warnings ?? []));
  const { training, validation, heldOut } = rows;
  watch.onMessage?.(
    `${training.texts.length} training, ${validation.texts.length} validation and ${heldOut.texts.length} held-out ` +
      `rows, ${task.extent(rows.space)}.`,
  );

  const hint = base ? undefined : encoderHint(training.texts.length);
  if (hint !== undefined) watch.onMessage?.(spellOptions(hint, watch.spellOption));
  const keeper = familyKeeper(run, out, rows, { vectors, base }, (message) => watch.onMessage?.(message));
  const options = { seed, threads, epochs, vectors, freezeVectors: freezeEmbeddings, base, merge: settings.merge };
  const candidates: Candidate[] = [];
  try {
    const families = wantedFamilies(task, settings, rows, base, budget && Number.POSITIVE_INFINITY);
    const request: SearchRequest | undefined = budget && {
      task,
      rows,
      families,
      options,
      keeper,
      metric,
      // Each fold takes as long as the chosen model did.
      budget: { ...budget, seconds: budget.seconds / (1 + (folds ?? 0)) },
      predictLimit,
      // An average is not trained, so it has no answers out of fold.
      averages: settings.model === "all" && folds === undefined,
    };
    const searched = request && (await searchModels(request, watch));
    candidates.push(...(searched?.models ?? []));
    for (const name of searched ? [] : families) {
      if (watch.signal?.aborted && candidates.length > 0) break;
      const candidate = await trainFamily(task, { name, family: name }, rows, options, keeper, watch, {
        metric,
      }).catch((error: unknown) => {
        if (error instanceof CancelledError && candidates.length > 0) return undefined;
        throw error;
      });
      if (candidate) candidates.push(candidate);
    }
    const judged = await judge(candidates, rows, { task, options, keeper }, settings, metric, watch);
    const winner = pickModel(task, rows, judged, metric);
    const asked = judged.candidates.filter(({ family }) => family === settings.model);
    const chosen = asked.length > 0 ? pickModel(task, rows, { ...judged, candidates: asked }, metric) : winner;
    const outOfFold = folding && (await crossFit(chosen, rows, { task, options, keeper }, folding.folds, watch));
    if (folding && !outOfFold)
      warn("Training was stopped before all folds were answered: there are no out-of-fold answers.");
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
    const settled = task.settle(rows.space, chosen.trained.validation, validation.targets);
    const space = decision
      ? task.decisions!.choose(settled, chosen.trained.validation, validation.targets, decision.request, decision.label)
      : settled;
    const decided = decision && task.decisions?.measure(heldOut.labels, chosen.trained.answers, space);
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
      ...(rows.split && { split: rows.split }),
      baselines: [...task.baselines(rows.labels.training, heldOut.labels, rows.space)],
      models: judged.candidates.map(({ result }) => result),
      ...(judged.choice && { choice: judged.choice }),
      ...(outOfFold && { outOfFold: outOfFold.measured(settled) }),
      winner: winner.name,
      family: chosen.family,
      ...(chosen.name !== chosen.family && { chosen: chosen.name }),
      ...(metric && { metric: figureFacts(metric) }),
      ...(searched && request && budget && { search: searchFacts(searched, chosen, { ...request, budget }) }),
      ...(decided && { decision: decided }),
      warnings,
    };
    const facts = {
      family: chosen.family,
      task: taskName,
      textColumns: text,
      labelColumn: label,
      labelType: read.labelType,
      answers: space,
      options: {
        seed,
        splitSeed,
        ...(group !== undefined && { group }),
        ...(time !== undefined && { time }),
        ...(outOfFold && { folds }),
        epochs,
        budget: settings.budget,
        predictLimit: settings.predictLimit,
        metric: settings.metric,
        embeddings,
        ...(freezeEmbeddings && { freezeEmbeddings }),
        base: settings.base,
        ...(settings.augmentSwaps.length > 0 && { augmentSwaps: settings.augmentSwaps }),
        ...(found?.revision !== undefined && { baseRevision: found.revision }),
      },
      data: {
        source: read.source,
        trainingRows: training.texts.length,
        validationRows: validation.texts.length,
        heldOutRows: heldOut.texts.length,
        fingerprint: fingerprintOf(rows),
      },
      parameters: chosen.trained.parameters,
    };
    const sections = task.report({
      family: chosen.family,
      space,
      scores: chosen.result.heldOut,
      labelColumn: label,
      heldOut,
      answers: chosen.trained.answers,
      labels: [...rows.labels.training, ...rows.labels.validation, ...heldOut.labels],
      baselines: comparison.baselines,
    });
    const parts = { training: training.texts, validation: validation.texts, "held-out": heldOut.texts };
    const files = await chosen.trained.files();
    await writeModel(out, facts, files, comparison, sections, { origin, parts, outOfFold });
    if (files.base)
      watch.onMessage?.(
        `The folder contains a copy of ${settings.base} (${showBytes(bytesOfFiles(files.base))}), so it needs nothing else.`,
      );
    return { folder: out, task: taskName, comparison, answers: space, cancelled };
  } finally {
    for (const { trained } of candidates) await trained.close();
  }
}

const isGiven = (name: string | undefined) => name !== undefined;
