// columnist compare: flags in, one workflow, figures and sentences out.
import { counted } from "../../base/counted.js";
import { showFigure, showInterval } from "../../report/figure.js";
import { compareOptionsSchema } from "../../workflows/compare/options.js";
import type { CompareResult } from "../../workflows/compare/run.js";
import colors from "../colors.js";
import { command } from "../command.js";
import { shortened, textTable } from "../text-table.js";

/** Pairs beyond these are left to --json. */
const mostPairs = 12;

export const compare = command({
  arguments: [
    ["<model>", "model folder"],
    ["<others...>", "more model folders, and last the table with the true labels"],
  ],
  schema: compareOptionsSchema,
  example: "columnist compare linear-model lstm-model new-reviews.csv --metric macro-f1",
  async run([model, others], options, { watch }) {
    const { compareModels } = await import("../../workflows/compare/run.js");
    const named = [model, ...(others as unknown as string[])];
    const result = await compareModels(named.slice(0, -1), named[named.length - 1], options, watch);
    return { document: result, text: textOf(result) };
  },
});

function textOf({ metric, models, pairs, rows, labelColumn, source, group, out }: CompareResult): string {
  const cells = models.map(({ model, family, value, interval }) => [
    shortened(model, 34),
    family,
    showFigure(value, metric.isShare),
    showInterval(interval, metric.isShare),
  ]);
  const head = ["Model", "Family", metric.title, "95 % interval"].map((name) => colors.dim(name));
  const [best] = models;
  // Of many models the best one beside each other.
  const told = pairs.length <= mostPairs ? pairs : pairs.filter(({ better }) => better === best.model);
  const lines = [
    "",
    `${counted(models.length, "model")} on '${labelColumn}' of ${source} (${counted(rows, "row")}${
      group === undefined ? "" : `, grouped by '${group}'`
    }):`,
    "",
    textTable([head, ...cells]),
    "",
    ...told.slice(0, mostPairs).map(({ sentence }) => sentence),
  ];
  const more = pairs.length - Math.min(told.length, mostPairs);
  if (more > 0) lines.push(`… and ${counted(more, "more pair")} (--json)`);
  if (out !== undefined) lines.push("", `Written: ${out}`);
  return lines.join("\n");
}
