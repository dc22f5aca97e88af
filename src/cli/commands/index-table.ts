// columnist index: flags in, one workflow, a folder out.
import { counted } from "../../base/counted.js";
import { indexOptionsSchema } from "../../workflows/index/options.js";
import { command } from "../command.js";

export const indexCommand = command({
  arguments: [["<table>", "CSV, TSV, JSON Lines, Parquet or DuckDB file, a pattern of them, or - for stdin"]],
  schema: indexOptionsSchema,
  example: 'columnist index tickets.csv --text body --out index\ncolumnist search index "card swallowed"',
  async run([table], options, { watch }) {
    const { indexTable } = await import("../../workflows/index/run.js");
    const result = await indexTable(table, options, watch);
    const { out, rows, dim, encoder, kind } = result;
    const how = kind === "exact" ? "all rows are compared" : "approximate, HNSW";
    const text = `${counted(rows, "row")} written to ${out}: vectors of ${dim} dimensions, from ${encoder}; ${how}.`;
    return { document: result, text: `${text}\nNext: columnist search ${out} "your question"` };
  },
});
