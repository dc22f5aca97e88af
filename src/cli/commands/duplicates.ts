// columnist duplicates: flags in, one workflow, groups out.

import { counted } from "../../base/counted.js";
import { duplicatesOptionsSchema } from "../../workflows/duplicates/options.js";
import type { DuplicateGroup, DuplicatesResult } from "../../workflows/duplicates/run.js";
import colors from "../colors.js";
import { command } from "../command.js";
import { shortened } from "../text-table.js";

const groupsShown = 8;
const copiesShown = 3;

export const duplicates = command({
  arguments: [["<table>", "CSV, TSV, JSON Lines, Parquet or DuckDB file, a pattern of them, or - for stdin"]],
  schema: duplicatesOptionsSchema,
  example:
    "columnist duplicates tickets.csv --text body --out marked.csv\n" +
    "columnist duplicates tickets.csv --text body --clean clean.csv --keep longest",
  async run([table], options, { watch }) {
    const { findTableDuplicates } = await import("../../workflows/duplicates/run.js");
    const result = await findTableDuplicates(table, options, watch);
    return { document: result, text: textOf(result) };
  },
});

function textOf({ rows, withoutText, found, groups, out, columns, clean }: DuplicatesResult): string {
  const copies = found.exact + found.near + found.meaning;
  const kinds = [`${found.exact} exact`, `${found.near} near`];
  if (found.meaning > 0) kinds.push(`${found.meaning} by meaning`);
  const lines = [
    "",
    `${counted(rows, "row")}: ${colors.bold(counted(copies, "duplicate row"))} (${kinds.join(", ")}).`,
  ];
  if (withoutText > 0) lines.push(`${counted(withoutText, "row")} without text: not compared.`);
  if (groups.length > 0)
    lines.push("", `${counted(groups.length, "group")}${groups.length > groupsShown ? "; the largest:" : ":"}`);
  for (const group of groups.slice(0, groupsShown)) lines.push("", ...groupLines(group));
  if (out !== undefined)
    lines.push(
      "",
      `Written: ${out}; new columns: ${columns.join(", ")}.`,
      `Rows to keep: ${columns[0]} is empty or 'first'.`,
    );
  if (clean) lines.push("", `Written: ${clean.path}, ${clean.rows} of ${counted(rows, "row")}; ${copies} removed.`);
  return lines.join("\n");
}

function groupLines({ row, text, copies }: DuplicateGroup): string[] {
  const lines = [`row ${row}  ${shortened(text, 64)}`];
  for (const copy of copies.slice(0, copiesShown)) {
    const how = copy.kind === "exact" ? "exact" : `${copy.kind} ${copy.similarity.toFixed(2)}`;
    lines.push(colors.dim(`  ${how.padEnd(12)} row ${copy.row}  ${shortened(copy.text, 52)}`));
  }
  if (copies.length > copiesShown) lines.push(colors.dim(`  and ${copies.length - copiesShown} more`));
  return lines;
}
