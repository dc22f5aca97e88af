// columnist train: flags in, one workflow, a table out.

import { counted } from "../../base/counted.js";
import { shellWord } from "../../base/shell-word.js";
import { showFigure } from "../../report/figure.js";
import { type Comparison, type ModelResult, nameOf } from "../../tasks/comparison.js";
import { trainOptionsSchema } from "../../workflows/train/options.js";
import type { TrainResult } from "../../workflows/train/run.js";
import colors from "../colors.js";
import { command } from "../command.js";
import { comparisonText, figureFields, outOfFoldText } from "../figures.js";
import { wrapped } from "../wrapped.js";

export const trainCommand = command({
  arguments: [["<table>", "CSV, TSV, JSON Lines, Parquet or DuckDB file, a pattern of them, or - for stdin"]],
  schema: trainOptionsSchema,
  example: "columnist train reviews.csv --text review --label stars --out model",
  async run([table], options, { watch }) {
    const { trainModel } = await import("../../workflows/train/run.js");
    // The program's own start counts for a budget.
    const result = await trainModel(table, options, { ...watch, begun: 0 });
    return { document: documentOf(result), text: textOf(result) };
  },
});

function documentOf({ folder, task, comparison, answers, cancelled }: TrainResult): object {
  const { models, baselines, winner, family, chosen, metric, search, rows, heldOutSource, warnings } = comparison;
  return {
    model: folder,
    task,
    winner,
    family,
    ...(chosen !== undefined && { chosen }),
    models: models.map(({ name, family, figures, validation, trainingSeconds, parameters, stopped }) => ({
      ...(name !== undefined && { name }),
      family,
      ...figureFields(figures),
      ...(metric && { [`validation${capitalized(metric.name)}`]: validation[metric.name] }),
      [`validation${capitalized(figures[0].name)}`]: validation[figures[0].name],
      seconds: trainingSeconds,
      parameters,
      stopped,
    })),
    baselines: baselines.map(({ name, figures }) => ({ name, ...figureFields(figures) })),
    ...(answers as object),
    rows,
    heldOut: heldOutSource,
    ...(comparison.split && { split: comparison.split }),
    ...(comparison.choice && { choice: comparison.choice }),
    ...(comparison.outOfFold && { outOfFold: outOfFoldFields(comparison.outOfFold) }),
    ...(search && { search }),
    ...(comparison.decision && { decision: comparison.decision.scores }),
    cancelled,
    warnings,
  };
}

const outOfFoldFields = ({ folds, rows, figures }: NonNullable<Comparison["outOfFold"]>) => ({
  folds,
  rows,
  ...figureFields(figures),
});

const capitalized = (name: string) => name[0].toUpperCase() + name.slice(1);

function textOf({ folder, comparison, cancelled }: TrainResult): string {
  const { winner, family, models, heldOutSource, rows, search, choice } = comparison;
  const chosen = comparison.chosen ?? family;
  const asked = models.find((model) => nameOf(model) === chosen)!;
  const best = models.find((model) => nameOf(model) === winner)!;
  const { name, isShare, higherIsBetter = true } = comparison.metric ?? best.figures[0];
  const onValidation = ({ validation }: ModelResult) => validation[name];
  const isAsGood = (one: ModelResult, other: ModelResult) =>
    higherIsBetter ? onValidation(other) <= onValidation(one) : onValidation(other) >= onValidation(one);
  const lines = ["", wrapped(`Held-out rows: ${rows.heldOut} (${heldOutSource})`), "", comparisonText(comparison), ""];
  const judges = choice ? `${choice.rows} rows in ${choice.folds} folds` : counted(rows.validation, "validation row");
  if (cancelled) lines.push("Stopped early: only the models finished by then are compared.");
  if (search) lines.push(wrapped([search.reason, search.moreRows?.sentence].filter(Boolean).join(" ")));
  const eligible = models.filter((model) => !search?.tooSlow.includes(nameOf(model)));
  if (models.length === 1) lines.push(`The folder contains the ${colors.bold(chosen)} model.`);
  else if (winner === chosen)
    lines.push(
      eligible.every((model) => isAsGood(best, model))
        ? `Winner: ${colors.bold(winner)}, best on the ${judges}.`
        : `Winner: ${colors.bold(winner)}; the others' gains on the ${judges} may be due to chance.`,
    );
  else if (isAsGood(asked, best))
    lines.push(
      `The folder contains the ${colors.bold(chosen)} model, as requested.`,
      `On the validation rows, ${winner} is as good and costs less.`,
      `To keep ${winner}: --model ${best.family}`,
    );
  else
    lines.push(
      `The folder contains the ${colors.bold(chosen)} model, as requested.`,
      `On the validation rows, ${winner} is better (${showFigure(onValidation(best), isShare)} versus ${showFigure(onValidation(asked), isShare)}).`,
      `To keep ${winner}: --model ${best.family}`,
    );
  if (comparison.outOfFold) lines.push("", wrapped(outOfFoldText(comparison.outOfFold)), "");
  if (comparison.decision) lines.push("", wrapped(comparison.decision.sentence), "");
  lines.push(
    `Written: ${folder} (open ${folder.replace(/\/$/, "")}/report.html)`,
    `Next: columnist predict ${shellWord(folder)} new-rows.csv --out answers.csv`,
  );
  return lines.join("\n");
}
