// Trains text classifiers on a table, compares them on held-out rows and writes the folder of one of them.
import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { CancelledError, UserError } from "../../base/errors.js";
import { option, spellOptions } from "../../base/option.js";
import { mixSeed } from "../../base/random.js";
import { tellTime, type WorkflowWatch, watchFor } from "../../base/watch.js";
import { readWordVectors } from "../../embeddings/index.js";
import { checkFolderOut, originOf } from "../../folders/index.js";
import { majorityBaseline } from "../../metrics/index.js";
import { checkOutputs } from "../../tables/index.js";
import {
  type ClassifierFamilyName,
  type Comparison,
  classifierFamilies,
  classifierFamilyNames,
  type ModelResult,
  pickWinner,
  scoreAnswers,
  type TrainedClassifier,
  type Training,
  type TrainingOptions,
  worstMistakes,
} from "../../tasks/classify/index.js";
import { labelHint } from "../../tasks/classify/label-hint.js";
import { predictTexts } from "../../tasks/classify/predict-texts.js";
import { leftOutMessage, readLabelled } from "../../tasks/classify/read-labelled.js";
import { type SplitRows, splitLabelled } from "../../tasks/classify/split-labelled.js";
import { writeClassifier } from "../../tasks/classify/write-classifier.js";
import { readPretrainedNetwork } from "../../tasks/language/index.js";
import { type TrainOptions, trainOptionsSchema } from "./options.js";

export interface TrainResult {
  /** The model folder. */
  folder: string;
  comparison: Comparison;
  labels: string[];
  /** Training was aborted: the folder contains the best model so far. */
  cancelled: boolean;
}

/** With more labels, how long training will take is told at its beginning. */
const manyLabels = 300;

interface Candidate {
  name: ClassifierFamilyName;
  training: Training;
  result: ModelResult;
  /** Of the held-out rows. */
  probabilities: Float32Array;
}

/**
 * Trains, measures and writes. After an abort signal, the finished families (and the network in training, at its best
 * epoch) are measured and the best is written.
 *
 * @throws UserError for wrong input; CancelledError when aborted before any model is finished
 * @example
 * const { comparison } = await trainClassifier("reviews.csv", { text: ["review"], label: "stars" });
 */
export async function trainClassifier(
  path: string,
  options: TrainOptions,
  watch: WorkflowWatch = {},
): Promise<TrainResult> {
  const settings = trainOptionsSchema.parse(options);
  const { text, label, test, seed, splitSeed, epochs, embeddings, freezeEmbeddings, out, table, query } = settings;
  const wanted = wantedFamilies(settings);
  const threads = settings.threads ?? availableParallelism();
  if (freezeEmbeddings && embeddings === undefined)
    throw new UserError(`${option("freezeEmbeddings")} needs ${option("embeddings")}, the vectors to freeze.`);
  if (path === "-" && test === "-") throw new UserError("Only one of the two tables can be standard input.");
  const origin = originOf({ path, table, query }, { text, label });
  checkFolderOut(out, "text-classifier", { origin, overwrite: settings.overwrite });
  await checkOutputs({ inputs: [path, test, embeddings, settings.base], outputs: [out] });

  const vectors = embeddings === undefined ? undefined : await readWordVectors(embeddings, watch.onMessage);
  const base = settings.base === undefined ? undefined : await readPretrainedNetwork(settings.base);
  watch.onProgress?.({ stage: "reading the table", done: 0, total: 1 });
  const read = await readLabelled({ path, table, query }, { text, label }, watch);
  const testRead = test === undefined ? undefined : await readLabelled({ path: test }, { text, label }, watch);
  const rows = splitLabelled(read, testRead, splitSeed, settings.manyLabels);
  const warnings = [
    labelHint(read.labels, label),
    leftOutMessage(read),
    testRead && leftOutMessage(testRead),
    ...rows.warnings,
  ].flatMap((warning) => (warning === undefined ? [] : [spellOptions(warning, watch.spellOption)]));
  for (const warning of warnings) watch.onMessage?.(warning);
  const { training, validation, heldOut } = rows;
  watch.onMessage?.(
    `${training.texts.length} training, ${validation.texts.length} validation and ${heldOut.texts.length} held-out ` +
      `rows, ${rows.classes} labels.`,
  );

  const candidates: Candidate[] = [];
  try {
    for (const name of wanted) {
      if (watch.signal?.aborted && candidates.length > 0) break;
      const candidate = await trainFamily(
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
    const winner = candidates[pickWinner(candidates.map(({ training }) => rightRows(training.validation, rows)))];
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
      formatVersion: 1,
      heldOutSource: heldOut.source,
      rows: {
        training: training.texts.length,
        validation: validation.texts.length,
        heldOut: heldOut.texts.length,
        ...counts,
        sharedWithTest: rows.sharedWithTest,
      },
      majority: majorityOf(rows),
      models: candidates.map(({ result }) => result),
      winner: winner.name,
      family: chosen.name,
      warnings,
    };
    const facts = {
      family: chosen.name,
      textColumns: text,
      labelColumn: label,
      labelType: read.labelType,
      labels: rows.labels,
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
      parameters: chosen.training.classifier.parameters,
    };
    const mistakes = worstMistakes(heldOut.texts, heldOut.labels, chosen.probabilities, rows.labels);
    const report = { comparison, mistakes, labelCounts: labelCounts(rows) };
    const seen = [...training.texts, ...validation.texts];
    await writeClassifier(out, facts, await chosen.training.classifier.files(), report, { origin, seen });
    return { folder: out, comparison, labels: rows.labels, cancelled };
  } finally {
    for (const { training } of candidates) await training.classifier.close();
  }
}

function rightRows(probabilities: Float32Array, { validation, classes }: SplitRows): boolean[] {
  return Array.from(validation.labels, (label, row) => {
    const own = probabilities.subarray(row * classes, (row + 1) * classes);
    return own.indexOf(Math.max(...own)) === label;
  });
}

/** The baseline, and what was asked for. */
function wantedFamilies({
  model,
  base,
}: {
  model: "all" | ClassifierFamilyName;
  base?: string;
}): ClassifierFamilyName[] {
  if (model === "pretrained" && base === undefined)
    throw new UserError(
      `${option("model")} pretrained needs ${option("base")}, the folder of a pretrained language model.`,
    );
  if (base !== undefined && model !== "pretrained" && model !== "all")
    throw new UserError(
      `${option("base")} is for ${option("model")} pretrained (or all), not for ${option("model")} ` +
        `${model}. Omit one of them.`,
    );
  return classifierFamilyNames.filter(
    (name) => name === "linear" || name === model || (model === "all" && (name !== "pretrained" || base !== undefined)),
  );
}

async function trainFamily(
  name: ClassifierFamilyName,
  rows: SplitRows,
  options: TrainingOptions,
  watch: WorkflowWatch,
): Promise<Candidate> {
  const family = await classifierFamilies[name].load();
  const started = performance.now();
  const seeded = { ...options, seed: mixSeed(options.seed, 3) };
  const own = watchFor(name, watch);
  const tell = (time: string) => watch.onMessage?.(`${name}: training with ${rows.classes} labels will take ${time}.`);
  const training = await family.train(
    rows,
    seeded,
    rows.classes > manyLabels ? tellTime(own, name === "linear" ? 1.5 : 1, tell) : own,
  );
  const trainingSeconds = (performance.now() - started) / 1000;
  try {
    const { classifier, epochs, keptEpoch, kept, stopped } = training;
    const listener = { onProgress: watch.onProgress };
    const probabilities = await predictTexts(classifier, rows.heldOut.texts, `${name}: measuring`, listener);
    const validation = scoreAnswers({ classes: rows.validation.labels, unseen: [] }, training.validation, rows.labels);
    const result: ModelResult = {
      family: name,
      validation: { accuracy: validation.accuracy, macroF1: validation.macroF1 },
      heldOut: scoreAnswers(rows.heldOut, probabilities, rows.labels, options.seed),
      trainingSeconds,
      parameters: classifier.parameters,
      epochs,
      keptEpoch,
      kept,
      stopped,
    };
    const figure = `validation accuracy ${(100 * validation.accuracy).toFixed(1)} %`;
    watch.onMessage?.(`${name}: ${figure}, trained in ${trainingSeconds.toFixed(1)} s.`);
    return { name, training, result, probabilities };
  } catch (error) {
    await closeQuietly(training.classifier);
    throw error;
  }
}

async function closeQuietly(classifier: TrainedClassifier): Promise<void> {
  await classifier.close().catch(() => {});
}

function majorityOf({ training, heldOut, classes, labels }: SplitRows): Comparison["majority"] {
  const size = heldOut.unseen.length > 0 ? classes + 1 : classes;
  const truth = heldOut.classes.map((index) => (index < 0 ? classes : index));
  const { classIndex, accuracy, macroF1 } = majorityBaseline(training.labels, truth, size);
  return { label: labels[classIndex], accuracy, macroF1 };
}

function fingerprintOf({ training, validation, labels }: SplitRows): string {
  const hash = createHash("sha256");
  for (const { texts, labels: classes } of [training, validation])
    for (const [row, text] of texts.entries()) hash.update(`${JSON.stringify([text, labels[classes[row]]])}\n`);
  return hash.digest("hex");
}

function labelCounts({ labels, training, validation, heldOut }: SplitRows): { label: string; rows: number }[] {
  const counts = new Float64Array(labels.length);
  for (const part of [training.labels, validation.labels, heldOut.classes])
    for (const index of part) if (index >= 0) counts[index]++;
  return labels.map((label, i) => ({ label, rows: counts[i] }));
}
