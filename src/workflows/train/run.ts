// Trains models of every family on a table, compares them on held-out rows and writes the folder of one of them. Knows no
// task and no family.
import { availableParallelism } from "node:os";
import { spellOptions } from "../../base/option.js";
import { showBytes } from "../../base/show-bytes.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { bytesOfFiles, originOf } from "../../folders/index.js";
import { findModel } from "../../hub/index.js";
import { openVectors, vectorsPath } from "../../row-vectors/index.js";
import { checkOutputs } from "../../tables/index.js";
import { openBase } from "../../tasks/families/base.js";
import type { Comparison, Task, TaskName } from "../../tasks/index.js";
import { openRun, secondsOf } from "../../train/index.js";
import { checkDecision, decisionOf } from "../decision-options.js";
import { checkOptions } from "./check-options.js";
import { judge } from "./choose-by-folds.js";
import { crossFit } from "./cross-fit.js";
import { encoderHint } from "./encoder-hint.js";
import { type TrainOptions, type TrainSettings, trainOptionsSchema } from "./options.js";
import { chooseModel, figureFacts } from "./pick-model.js";
import { prepareRows } from "./prepare-rows.js";
import { openBudget, searchModels } from "./search.js";
import { searchFacts } from "./search-facts.js";
import { trainFamilies } from "./train-families.js";
import { familyKeeper, holdsWork, keptSchema, type TrainRun } from "./unfinished.js";
import { checkFamilies, wantedFamilies } from "./wanted-families.js";
import { rowCounts, writeTrained } from "./write-trained.js";

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
  const { text, label, test, group, time, folds, seed, splitSeed, epochs, embeddings, freezeEmbeddings, out } =
    settings;
  checkOptions(path, settings);
  const threads = settings.threads ?? availableParallelism();
  const decision = decisionOf(settings);
  const limits = limitsOf(settings, watch.begun);
  const found = settings.base === undefined ? undefined : findModel(settings.base);
  await checkOutputs({ inputs: [path, test, vectorsPath(embeddings), found?.path], outputs: [out] });

  const vectors = embeddings === undefined ? undefined : await openVectors(embeddings, watch.onMessage);
  const base = found && (await openBase(found));
  const warnings: string[] = [];
  const warn = (...given: (string | undefined)[]) => {
    for (const warning of given.flatMap((one) => (one === undefined ? [] : [spellOptions(one, watch.spellOption)]))) {
      warnings.push(warning);
      watch.onMessage?.(warning);
    }
  };
  const check = (task: Task) => checkFamilies(task, settings, base);
  const prepared = await prepareRows(path, settings, check, warn, watch);
  const { taskName, task, read, rows, metric, folding } = prepared;
  const { training, validation, heldOut } = rows;
  if (decision) checkDecision(task, rows.space, decision);
  watch.onMessage?.(
    `${training.texts.length} training, ${validation.texts.length} validation and ${heldOut.texts.length} held-out ` +
      `rows, ${task.extent(rows.space)}.`,
  );
  const hint = base ? undefined : encoderHint(training.texts.length);
  if (hint !== undefined) watch.onMessage?.(spellOptions(hint, watch.spellOption));

  const keeper = familyKeeper(run, out, rows, { vectors, base }, (message) => watch.onMessage?.(message));
  const options = { seed, threads, epochs, vectors, freezeVectors: freezeEmbeddings, base, merge: settings.merge };
  const families = wantedFamilies(task, settings, rows, base, limits && Number.POSITIVE_INFINITY);
  const learning = { task, rows, options, keeper, metric };
  // An average is not trained, so it has no answers out of fold.
  const averages = settings.model === "all" && !folding;
  const request = limits && { ...learning, ...limits, families, averages };
  const searched = request && (await searchModels(request, watch));
  const candidates = searched?.models ?? (await trainFamilies(families, learning, watch));
  try {
    const judged = await judge(candidates, rows, learning, settings, watch);
    const wanted = { allowed: searched?.allowed, family: settings.model, metric };
    const { winner, chosen } = chooseModel(task, rows, judged, wanted);
    const search = searched && searchFacts(searched, chosen, request!);
    const outOfFold = folding && (await crossFit(chosen, rows, learning, folding.folds, watch));
    if (folding && !outOfFold)
      warn("Training was stopped before all folds were answered: there are no out-of-fold answers.");
    const cancelled = watch.signal?.aborted ?? false;
    if (cancelled)
      warnings.push(
        `Training was stopped early; the model is the best of ${candidates.map((c) => c.name).join(", ")}.`,
      );
    const { trained, family } = chosen;
    const settled = task.settle(rows.space, trained.validation, validation.targets);
    const space = decision
      ? task.decisions!.choose(settled, trained.validation, validation.targets, decision.request, decision.label)
      : settled;
    const decided = decision && task.decisions?.measure(heldOut.labels, trained.answers, space);
    const comparison: Comparison = {
      formatVersion: 2,
      task: taskName,
      heldOutSource: heldOut.source,
      rows: rowCounts(rows, prepared.skipped),
      ...(rows.split && { split: rows.split }),
      baselines: [...task.baselines(rows.labels.training, heldOut.labels, rows.space)],
      models: judged.candidates.map(({ result }) => result),
      ...(judged.choice && { choice: judged.choice }),
      ...(outOfFold && { outOfFold: outOfFold.measured(settled) }),
      winner: winner.name,
      family,
      ...(chosen.name !== family && { chosen: chosen.name }),
      ...(metric && { metric: figureFacts(metric) }),
      ...(search && { search }),
      ...(decided && { decision: decided }),
      warnings,
    };
    const facts = {
      ...{ family, task: taskName, textColumns: text, labelColumn: label, labelType: read.labelType, answers: space },
      source: read.source,
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
      parameters: trained.parameters,
    };
    const files = await trained.files();
    const measured = { scores: chosen.result.heldOut, answers: trained.answers };
    await writeTrained(out, { task, rows, facts, comparison, ...measured, files, outOfFold }, origin);
    if (files.base)
      watch.onMessage?.(
        `The folder contains a copy of ${settings.base} (${showBytes(bytesOfFiles(files.base))}), so it needs nothing else.`,
      );
    return { folder: out, task: taskName, comparison, answers: space, cancelled };
  } finally {
    for (const { trained } of candidates) await trained.close();
  }
}

/** What a search must keep to; nothing where no time is given. */
function limitsOf({ budget, predictLimit, folds = 0 }: TrainSettings, begun: number | undefined) {
  if (budget === undefined) return undefined;
  return {
    budget: openBudget(secondsOf(budget), { begun, folds }),
    predictLimit: predictLimit === undefined ? undefined : secondsOf(predictLimit, "predictLimit", "2ms"),
  };
}
