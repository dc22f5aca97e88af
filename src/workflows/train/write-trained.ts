// What was trained and measured, as a model folder: the report's parts and the texts of each part of the rows with it.
import type { ModelFiles, OwnFacts } from "../../folders/index.js";
import { type Comparison, fingerprintOf, type SplitRows, type Task, writeModel } from "../../tasks/index.js";
import type { CrossFit } from "./cross-fit.js";

type Facts = Omit<OwnFacts<"text-model">, "model">;

export interface Trained {
  task: Task;
  rows: SplitRows;
  facts: Omit<Facts, "data"> & { source: string };
  comparison: Comparison;
  /** Of the model that is written, on the held-out rows. */
  scores: unknown;
  answers: Float32Array;
  files: ModelFiles;
  outOfFold?: CrossFit;
}

export async function writeTrained(
  folder: string,
  { task, rows, facts: { source, ...facts }, comparison, scores, answers, files, outOfFold }: Trained,
  origin: string | undefined,
): Promise<void> {
  const { training, validation, heldOut, labels } = rows;
  const sections = task.report({
    family: facts.family,
    space: facts.answers,
    scores,
    labelColumn: facts.labelColumn,
    heldOut,
    answers,
    labels: [...labels.training, ...labels.validation, ...heldOut.labels],
    baselines: comparison.baselines,
  });
  const data = {
    source,
    trainingRows: training.texts.length,
    validationRows: validation.texts.length,
    heldOutRows: heldOut.texts.length,
    fingerprint: fingerprintOf(rows),
  };
  const parts = { training: training.texts, validation: validation.texts, "held-out": heldOut.texts };
  await writeModel(folder, { ...facts, data }, files, comparison, sections, { origin, parts, outOfFold });
}

/** What metrics.json says of the rows. */
export function rowCounts(
  { training, validation, heldOut, sharedWithTest }: SplitRows,
  skipped: Pick<Comparison["rows"], "skippedEmptyText" | "skippedEmptyLabel">,
): Comparison["rows"] {
  return {
    training: training.texts.length,
    validation: validation.texts.length,
    heldOut: heldOut.texts.length,
    ...skipped,
    sharedWithTest,
  };
}
