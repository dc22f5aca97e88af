// columnist evaluate: flags in, one workflow, scores out.

import { counted } from "../../base/counted.js";
import { evaluateOptionsSchema } from "../../workflows/evaluate/options.js";
import type { EvaluateResult } from "../../workflows/evaluate/run.js";
import colors from "../colors.js";
import { command } from "../commands.js";
import { groupScoresText } from "../group-tables.js";
import { percent, shortened, textTable } from "../text-table.js";

/** Labels and confusions beyond these are left to --json. */
const mostLabels = 40;
const mostConfusions = 8;

export const evaluate = command({
  arguments: [
    ["<model>", "model folder"],
    ["<table>", "table with the true labels"],
  ],
  schema: evaluateOptionsSchema,
  example: "columnist evaluate model new-reviews.csv",
  async run([model, table], options, { watch }) {
    const { evaluateClassifier } = await import("../../workflows/evaluate/run.js");
    const result = await evaluateClassifier(model, table, options, watch);
    const { scores, mistakes, groups, ...rest } = result;
    const byGroup = groups && { by: options.by, groups };
    const text = groups ? `${textOf(result)}\n\n${groupScoresText(String(options.by), groups)}` : textOf(result);
    return { document: { model, ...rest, ...scores, ...byGroup, mistakes }, text };
  },
});

function textOf({ family, source, labelColumn, scores }: EvaluateResult): string {
  const { accuracy, accuracyInterval, macroF1, macroF1Interval, correct, rows } = scores;
  const interval = ({ low, high }: { low: number; high: number }) =>
    `${(100 * low).toFixed(1)} – ${percent(high)} with 95 % confidence`;
  const wrong = scores.confusion.filter(({ truth, predicted }) => truth !== predicted);
  const lines = [
    "",
    `The ${family} model on '${labelColumn}' of ${source}: ${correct} of ${counted(rows, "row")} correct.`,
    "",
    `Accuracy  ${colors.bold(percent(accuracy))}  ${interval(accuracyInterval)}`,
    `Macro F1  ${colors.bold(percent(macroF1))}  ${interval(macroF1Interval)}`,
    "",
    textTable([
      ["Label", "Rows", "Precision", "Recall", "F1"].map((name) => colors.dim(name)),
      ...scores.classes
        .slice(0, mostLabels)
        .map(({ label, rows, precision, recall, f1 }) => [
          shortened(label, 36),
          String(rows),
          percent(precision),
          percent(recall),
          percent(f1),
        ]),
    ]),
  ];
  if (scores.classes.length > mostLabels) lines.push(`… and ${scores.classes.length - mostLabels} more (--json)`);
  if (wrong.length > 0)
    lines.push(
      "",
      textTable([
        ["Most frequent mistakes", "Predicted", "Rows"].map((name) => colors.dim(name)),
        ...wrong
          .slice(0, mostConfusions)
          .map(({ truth, predicted, rows }) => [shortened(truth, 32), shortened(predicted, 32), String(rows)]),
      ]),
    );
  return lines.join("\n");
}
