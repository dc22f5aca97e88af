// columnist classify: flags in, one workflow; the labels go to a file or to stdout.
import { counted } from "../../base/counted.js";
import { classifyOptionsSchema } from "../../workflows/classify/options.js";
import type { ClassifyResult } from "../../workflows/classify/run.js";
import { command } from "../command.js";
import { dataOutput } from "../terminal.js";
import { percent, textTable } from "../text-table.js";
import { printRows } from "./print-rows.js";

export const classifyCommand = command({
  arguments: [["<table>", "CSV, TSV, JSON Lines, Parquet or DuckDB file, a pattern of them, or - for stdin"]],
  schema: classifyOptionsSchema,
  example:
    'columnist classify mails.csv --text body --labels "refund,praise" > sorted.csv\n' +
    "columnist classify tickets.csv --text body --labels labels.csv --threshold 0.2",
  async run([table], options, { watch, json }) {
    const { classifyTable } = await import("../../workflows/classify/run.js");
    if (json && options.out === undefined) {
      await printRows("answers", async (out) => {
        const { out: _, ...result } = await classifyTable(table, { ...options, out }, watch);
        return result;
      });
      return undefined;
    }
    const result = await classifyTable(table, options, watch, dataOutput());
    const text = textOf(result);
    if (result.out !== undefined) return { document: result, text };
    // The rows went to stdout.
    watch.onMessage?.(text);
    return undefined;
  },
});

function textOf({ rows, withoutLabel, labels, model, columns, out }: ClassifyResult): string {
  const most = [...labels].sort((a, b) => b.rows - a.rows).slice(0, 20);
  const shares = most.map(({ label, rows: own }) => [label, String(own), percent(own / Math.max(1, rows))]);
  const lines = [
    `${counted(rows, "row")} ${out === undefined ? "written" : `written to ${out}`}; new columns: ${columns.join(", ")}`,
    `Sorted by ${model}`,
    "",
    textTable([["Label", "Rows", "Share"], ...shares]),
  ];
  if (labels.length > most.length) lines.push(`… and ${counted(labels.length - most.length, "label")} more`);
  if (withoutLabel > 0)
    lines.push(
      "",
      `${counted(withoutLabel, "row has", "rows have")} no label: no text, or a score below the threshold.`,
    );
  return lines.join("\n");
}
