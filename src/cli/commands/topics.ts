// columnist topics: flags in, one workflow, topics out.

import type { TopicsResult } from "../../workflows/topics.js";
import { topicsOptionsSchema } from "../../workflows/topics-options.js";
import colors from "../colors.js";
import { command } from "../commands.js";
import { percent, shortened } from "../text-table.js";

const shown = 25;

export const topics = command({
  arguments: [["<table>", "CSV, TSV, JSON lines, Parquet or DuckDB file, a pattern of them, or - for stdin"]],
  schema: topicsOptionsSchema,
  example: "columnist topics tickets.csv --text body --out topics.csv --color team",
  async run([table], options, { watch }) {
    const { findTableTopics } = await import("../../workflows/topics.js");
    const result = await findTableTopics(table, options, watch);
    return { document: result, text: textOf(result) };
  },
});

function textOf({ rows, withoutVector, withoutTopic, topics, out, map, columns }: TopicsResult): string {
  const width = String(topics[0]?.rows ?? 0).length;
  const lines = ["", `${colors.bold(`${topics.length} topics`)} in ${rows} rows:`, ""];
  for (const [i, { rows: size, words }] of topics.slice(0, shown).entries())
    lines.push(
      `${String(i + 1).padStart(4)}  ${String(size).padStart(width)}  ${shortened(words.join(" "), 72 - width)}`,
    );
  if (topics.length > shown) lines.push(`      and ${topics.length - shown} smaller ones`);
  lines.push("", `${withoutTopic} rows (${percent(withoutTopic / rows)}) belong to no topic.`);
  if (withoutVector > 0) lines.push(`${withoutVector} rows have no text or no known word.`);
  if (out !== undefined) lines.push(`Written: ${out}; new columns: ${columns.join(", ")}.`);
  if (map !== undefined) lines.push(`Map: open ${map} in a browser.`);
  return lines.join("\n");
}
