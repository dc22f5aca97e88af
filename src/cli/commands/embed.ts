// columnist embed: flags in, one workflow, a table with vectors out.
import { counted } from "../../base/counted.js";
import { embedOptionsSchema } from "../../workflows/embed/options.js";
import { command } from "../command.js";

export const embed = command({
  arguments: [["<table>", "CSV, TSV, JSON Lines, Parquet or DuckDB file, a pattern of them, or - for stdin"]],
  schema: embedOptionsSchema,
  example:
    "columnist embed tickets.csv --text body --out tickets.parquet\n" +
    "columnist embed tickets.csv --text body --with glove.txt --out tickets.jsonl",
  async run([table], options, { watch }) {
    const { embedTable } = await import("../../workflows/embed/run.js");
    const result = await embedTable(table, options, watch);
    const { rows, withoutVector, dim, encoder, column, out } = result;
    const lines = [`${counted(rows, "row")} written to ${out}; new column: ${column}, FLOAT[${dim}], from ${encoder}.`];
    if (withoutVector > 0)
      lines.push(`${counted(withoutVector, "row has", "rows have")} no text or no known word: the vector is empty.`);
    return { document: result, text: lines.join("\n") };
  },
});
