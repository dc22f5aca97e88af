// columnist train: flags in, one workflow, a table out.

import { counted } from "../../base/counted.js";
import { shellWord } from "../../base/shell-word.js";
import type { Comparison } from "../../tasks/classify/comparison.js";
import { trainOptionsSchema } from "../../workflows/train/options.js";
import type { TrainResult } from "../../workflows/train/run.js";
import colors from "../colors.js";
import { command } from "../commands.js";
import { duration } from "../duration.js";
import { percent, shortened, textTable } from "../text-table.js";

export const trainCommand = command({
  arguments: [["<table>", "CSV, TSV, JSON Lines, Parquet or DuckDB file, a pattern of them, or - for stdin"]],
  schema: trainOptionsSchema,
  example: "columnist train reviews.csv --text review --label stars --out model",
  async run([table], options, { watch }) {
    const { trainClassifier } = await import("../../workflows/train/run.js");
    const result = await trainClassifier(table, options, watch);
    return { document: documentOf(result), text: textOf(result) };
  },
});

function documentOf({ folder, comparison, labels, cancelled }: TrainResult): object {
  const { models, majority, winner, family, rows, heldOutSource, warnings } = comparison;
  return {
    model: folder,
    winner,
    family,
    models: models.map(({ family, heldOut, validation, trainingSeconds, parameters, stopped }) => ({
      family,
      accuracy: heldOut.accuracy,
      accuracyInterval: heldOut.accuracyInterval,
      macroF1: heldOut.macroF1,
      macroF1Interval: heldOut.macroF1Interval,
      validationAccuracy: validation.accuracy,
      seconds: trainingSeconds,
      parameters,
      stopped,
    })),
    majority,
    labels,
    rows,
    heldOut: heldOutSource,
    cancelled,
    warnings,
  };
}

function textOf({ folder, comparison, cancelled }: TrainResult): string {
  const { winner, family, models, heldOutSource, rows } = comparison;
  const asked = models.find((model) => model.family === family)!;
  const best = models.find((model) => model.family === winner)!;
  const lines = ["", `Held-out rows: ${rows.heldOut} (${heldOutSource})`, "", comparisonText(comparison), ""];
  if (cancelled) lines.push("Stopped early: only the models finished by then are compared.");
  if (models.length === 1) lines.push(`The folder contains the ${colors.bold(family)} model.`);
  else if (winner === family)
    lines.push(
      models.every(({ validation }) => validation.accuracy <= best.validation.accuracy)
        ? `Winner: ${colors.bold(winner)}, best on the ${counted(rows.validation, "validation row")}.`
        : `Winner: ${colors.bold(winner)}; the others' gains on the validation rows may be due to chance.`,
    );
  else if (best.validation.accuracy <= asked.validation.accuracy)
    lines.push(
      `The folder contains the ${colors.bold(family)} model, as requested.`,
      `On the validation rows, ${winner} is as good and costs less.`,
      `To keep ${winner}: --model ${winner}`,
    );
  else
    lines.push(
      `The folder contains the ${colors.bold(family)} model, as requested.`,
      `On the validation rows, ${winner} is better (${percent(best.validation.accuracy)} versus ${percent(asked.validation.accuracy)}).`,
      `To keep ${winner}: --model ${winner}`,
    );
  lines.push(
    `Written: ${folder} (open ${folder.replace(/\/$/, "")}/report.html)`,
    `Next: columnist predict ${shellWord(folder)} new-rows.csv --out answers.csv`,
  );
  return lines.join("\n");
}

export function comparisonText({ models, majority, family }: Comparison): string {
  const head = ["Model", "Accuracy", "95 % interval", "Macro F1", "Validation", "Training"].map((name) =>
    colors.dim(name),
  );
  const rows = models.map((model) => {
    const { low, high } = model.heldOut.accuracyInterval;
    const cells = [
      model.family,
      percent(model.heldOut.accuracy),
      `${(100 * low).toFixed(1)} – ${percent(high)}`,
      percent(model.heldOut.macroF1),
      percent(model.validation.accuracy),
      duration(model.trainingSeconds),
    ];
    return model.family === family ? cells.map((cell) => colors.bold(cell)) : cells;
  });
  const always = [`always ${shortened(majority.label, 13)}`, percent(majority.accuracy), "", percent(majority.macroF1)];
  return textTable([head, ...rows, [...always, "", ""].map((cell) => colors.dim(cell))]);
}
