// columnist predict: flags in, one workflow; the answers go to a file or to stdout.
import { counted } from "../../base/counted.js";
import { predictOptionsSchema } from "../../workflows/predict/options.js";
import type { PredictResult } from "../../workflows/predict/run.js";
import { command } from "../command.js";
import { figureFields } from "../figures.js";
import { groupAnswersText } from "../group-tables.js";
import { dataOutput } from "../terminal.js";
import { printRows } from "./print-rows.js";

export const predict = command({
  arguments: [
    ["<model>", "model folder"],
    ["<table>", "table with the text columns, or - for stdin"],
  ],
  schema: predictOptionsSchema,
  example:
    "columnist predict model new-reviews.csv --out answers.parquet\ncat new.csv | columnist predict model - > answers.csv",
  async run([model, table], options, { watch, json }) {
    const { predictTable } = await import("../../workflows/predict/run.js");
    const say = ({ withoutText, belowThreshold = 0, rows, outOfFold }: PredictResult) => {
      if (outOfFold)
        watch.onMessage?.(
          `${counted(outOfFold.outOfFold, "out-of-fold answer")}; ${counted(outOfFold.predicted, "row")} not in training, answered by the model.`,
        );
      if (belowThreshold > 0)
        watch.onMessage?.(
          `${belowThreshold} of ${counted(rows, "row")} ${belowThreshold === 1 ? "is" : "are"} below the threshold and left without an answer.`,
        );
      if (withoutText > 0)
        watch.onMessage?.(
          `${withoutText} of ${counted(rows, "row")} ${withoutText === 1 ? "has no text: its prediction is" : "have no text: their predictions are"} empty.`,
        );
    };
    if (json && options.out === undefined) {
      await printRows("predictions", async (out) => {
        const result = await predictTable(model, table, { ...options, out }, watch);
        say(result);
        const { rows, withoutText, belowThreshold, outOfFold, columns, groups } = result;
        return { model, rows, withoutText, belowThreshold, outOfFold, columns, ...byGroup(options.by, groups) };
      });
      return undefined;
    }
    const result = await predictTable(model, table, options, watch, dataOutput());
    say(result);
    const { rows, withoutText, belowThreshold, outOfFold, columns, out, groups } = result;
    const shares = groups && groupAnswersText(String(options.by), groups);
    if (out === undefined) {
      // The rows went to stdout.
      if (shares !== undefined) watch.onMessage?.(shares);
      return undefined;
    }
    const document = {
      model,
      out,
      rows,
      withoutText,
      belowThreshold,
      outOfFold,
      columns,
      ...byGroup(options.by, groups),
    };
    const written = `${counted(rows, "row")} written to ${out}; new columns: ${columns.join(", ")}`;
    return { document, text: shares === undefined ? written : `${written}\n\n${shares}` };
  },
});

/** For programs: figures by name. */
function byGroup(by: unknown, groups: PredictResult["groups"]) {
  if (!groups) return {};
  return { by, groups: groups.map(({ figures, ...group }) => ({ ...group, ...(figures && figureFields(figures)) })) };
}
