// Measures a trained model on a table with true labels.
import { availableParallelism } from "node:os";
import type { WorkflowWatch } from "../../base/watch.js";
import { predictedClasses } from "../../metrics/index.js";
import {
  type ClassificationScores,
  type GroupScores,
  type Mistake,
  readClassifier,
  scoreAnswers,
  scoreGroups,
  worstMistakes,
} from "../../tasks/classify/index.js";
import { predictTexts } from "../../tasks/classify/predict-texts.js";
import { leftOutMessage, readLabelled, rowsOf } from "../../tasks/classify/read-labelled.js";
import { heldOutOf } from "../../tasks/classify/split-labelled.js";
import { checkModelColumns } from "../model-columns.js";
import { seenRows } from "../seen-rows.js";
import { type EvaluateTableOptions, evaluateOptionsSchema } from "./options.js";

export interface EvaluateResult {
  family: string;
  labelColumn: string;
  source: string;
  scores: ClassificationScores;
  mistakes: Mistake[];
  /** With `by`: the same figures for each value of that column, the largest group first. */
  groups?: GroupScores[];
  warnings: string[];
}

/**
 * @throws UserError for a wrong folder, table or column
 * @example
 * const { scores } = await evaluateClassifier("model", "new-reviews.csv");
 */
export async function evaluateClassifier(
  folder: string,
  path: string,
  options: EvaluateTableOptions = {},
  watch: WorkflowWatch = {},
): Promise<EvaluateResult> {
  const { label, by, threads, table, query } = evaluateOptionsSchema.parse(options);
  const { facts, classifier } = await readClassifier(folder, { threads: threads ?? availableParallelism() });
  try {
    const labelColumn = label ?? facts.labelColumn;
    const columns = { text: facts.textColumns, label: labelColumn, by };
    const read = await readLabelled({ path, table, query }, columns, watch, (opened) =>
      checkModelColumns(opened, facts.textColumns),
    );
    const truth = heldOutOf(read.texts, read.labels, facts.labels);
    const warnings = truth.unseen.map(
      ({ label, rows }) => `Label '${label}' (${rowsOf(rows)}) was not in the training rows: counted as errors.`,
    );
    const leftOut = leftOutMessage(read);
    if (leftOut) warnings.unshift(leftOut);
    const seen = seenRows(folder);
    seen?.look(read.texts);
    const known = seen?.message();
    if (known) warnings.unshift(`${known} The figures are better than they would be on new rows.`);
    for (const warning of warnings) watch.onMessage?.(warning);
    const probabilities = await predictTexts(classifier, read.texts, "measuring", watch);
    return {
      family: facts.family,
      labelColumn,
      source: read.source,
      scores: scoreAnswers(truth, probabilities, facts.labels, facts.options.seed),
      mistakes: worstMistakes(read.texts, truth.labels, probabilities, facts.labels, 5),
      warnings,
      ...(read.groups && {
        groups: scoreGroups(read.groups, truth.classes, predictedClasses(probabilities, facts.labels.length)),
      }),
    };
  } finally {
    await classifier.close();
  }
}
