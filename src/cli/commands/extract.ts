// columnist extract: flags in, one workflow; the rows go to a file or to stdout.
import { counted } from "../../base/counted.js";
import { extractOptionsSchema } from "../../workflows/extract/options.js";
import type { ExtractResult } from "../../workflows/extract/run.js";
import { command } from "../command.js";
import { dataOutput } from "../terminal.js";
import { printRows } from "./print-rows.js";

export const extractCommand = command({
  arguments: [["<table>", "CSV, TSV, JSON Lines, Parquet or DuckDB file, a pattern of them, or - for stdin"]],
  schema: extractOptionsSchema,
  example: "columnist extract mails.csv --text body --schema fields.json --out found.csv",
  async run([table], options, { watch, json }) {
    const { extractFields } = await import("../../workflows/extract/run.js");
    if (json && options.out === undefined) {
      await printRows("rows", async (out) => {
        const { out: _, rows: count, ...result } = await extractFields(table, { ...options, out }, watch);
        return { count, ...result };
      });
      return undefined;
    }
    const result = await extractFields(table, options, watch, dataOutput());
    const text = textOf(result);
    if (result.out !== undefined) return { document: result, text };
    // The rows went to stdout.
    watch.onMessage?.(text);
    return undefined;
  },
});

function textOf({ rows, withoutText, errors, columns, model, out }: ExtractResult): string {
  const lines = [
    `${counted(rows, "row")} ${out === undefined ? "written" : `written to ${out}`}; new columns: ${columns.join(", ")}`,
    `Read by ${model}`,
  ];
  if (withoutText > 0) lines.push(`${counted(withoutText, "row has", "rows have")} no text and no fields.`);
  if (errors > 0)
    lines.push(`${counted(errors, "row", "rows")} could not be read: the column ${columns.at(-1)} says why.`);
  return lines.join("\n");
}
