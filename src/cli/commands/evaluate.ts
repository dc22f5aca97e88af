// columnist evaluate: flags in, one workflow, scores out.
import { evaluateOptionsSchema } from "../../workflows/evaluate/options.js";
import type { EvaluateResult } from "../../workflows/evaluate/run.js";
import colors from "../colors.js";
import { command } from "../command.js";
import { figureFields, figuresText } from "../figures.js";
import { groupScoresText } from "../group-tables.js";
import { shortened, textTable } from "../text-table.js";

/** Columns of a table's first cells, and those of the others that are text. */
const widestCell = 34;

export const evaluate = command({
  arguments: [
    ["<model>", "model folder"],
    ["<table>", "table with the true labels; for a language model, with texts"],
  ],
  schema: evaluateOptionsSchema,
  example: "columnist evaluate model new-reviews.csv",
  async run([model, table], options, { watch }) {
    const { evaluateModel } = await import("../../workflows/evaluate/run.js");
    const result = await evaluateModel(model, table, options, watch);
    const { task, family, labelColumn, source, scores, mistakes, groups, warnings } = result;
    const byGroup = groups && {
      by: options.by,
      groups: groups.map(({ group, rows, figures, isSmall }) => ({ group, rows, ...figureFields(figures), isSmall })),
    };
    const text = groups ? `${textOf(result)}\n\n${groupScoresText(String(options.by), groups)}` : textOf(result);
    const document = { model, task, family, labelColumn, source, warnings, ...scores, ...byGroup, mistakes };
    return { document, text };
  },
});

function textOf({ family, source, labelColumn, summary, figures, tables }: EvaluateResult): string {
  const lines = [
    "",
    `The ${family} model on ${labelColumn === undefined ? source : `'${labelColumn}' of ${source}`}: ${summary}.`,
    "",
    figuresText(figures),
  ];
  for (const { head, rows, more } of tables) {
    if (rows.length === 0) continue;
    const cells = rows.map((row) => row.map((cell) => shortened(cell, widestCell)));
    lines.push("", textTable([head.map((name) => colors.dim(name)), ...cells]));
    if (more > 0) lines.push(`… and ${more} more (--json)`);
  }
  return lines.join("\n");
}
