// columnist evaluate: flags in, one workflow, scores out.
import { evaluateOptionsSchema } from "../../workflows/evaluate/options.js";
import type { EvaluateResult } from "../../workflows/evaluate/run.js";
import colors from "../colors.js";
import { command } from "../command.js";
import { figureFields, figuresText } from "../figures.js";
import { groupScoresText } from "../group-tables.js";
import { shortened, textTable } from "../text-table.js";
import { weakSlicesText } from "../weak-slices.js";

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
    const { task, family, labelColumn, source, scores, decision, weak, mistakes, groups, warnings } = result;
    const byGroup = groups && {
      by: options.by,
      groups: groups.map(({ group, rows, figures, isSmall }) => ({ group, rows, ...figureFields(figures), isSmall })),
    };
    const parts = [textOf(result)];
    if (groups) parts.push(groupScoresText(String(options.by), groups));
    if (weak) parts.push(weakSlicesText(weak));
    const text = parts.join("\n\n");
    const slices = weak && {
      slices: {
        looked: weak.looked,
        weak: weak.slices.map((slice, i) => ({ ...slice, examples: weak.examples[i] })),
      },
    };
    const decided = decision && { decision: decision.scores };
    const document = {
      model,
      task,
      family,
      labelColumn,
      source,
      warnings,
      ...scores,
      ...decided,
      ...byGroup,
      ...slices,
      mistakes,
    };
    return { document, text };
  },
});

function textOf({ family, source, labelColumn, summary, figures, decision, tables }: EvaluateResult): string {
  const lines = [
    "",
    `The ${family} model on ${labelColumn === undefined ? source : `'${labelColumn}' of ${source}`}: ${summary}.`,
    "",
    figuresText(figures),
  ];
  if (decision) lines.push("", decision.sentence);
  for (const { head, rows, more } of tables) {
    if (rows.length === 0) continue;
    const cells = rows.map((row) => row.map((cell) => shortened(cell, widestCell)));
    lines.push("", textTable([head.map((name) => colors.dim(name)), ...cells]));
    if (more > 0) lines.push(`… and ${more} more (--json)`);
  }
  return lines.join("\n");
}
