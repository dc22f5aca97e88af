// columnist topics: flags in, one workflow, topics out.

import { counted } from "../../base/counted.js";
import { shellWord } from "../../base/shell-word.js";
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
    return { document: result, text: [textOf(result), nextStep(table, options.text, result)].join("\n") };
  },
});

function nextStep(table: string, text: readonly string[], { out, columns }: TopicsResult): string {
  const columnFlags = text.map((name) => `--text ${shellWord(name)}`).join(" ");
  if (out === undefined)
    return `Next: columnist topics ${table === "-" ? "table.csv" : shellWord(table)} ${columnFlags} --out topics.csv`;
  return `Next, for new rows: columnist train ${shellWord(out)} ${columnFlags} --label ${columns[0]} --out model`;
}

function textOf({ rows, withoutVector, withoutTopic, topics, out, map, columns }: TopicsResult): string {
  const width = String(topics[0]?.rows ?? 0).length;
  const lines = ["", `${colors.bold(counted(topics.length, "topic"))} in ${counted(rows, "row")}:`, ""];
  for (const [i, { rows: size, words }] of topics.slice(0, shown).entries())
    lines.push(
      `${String(i + 1).padStart(4)}  ${String(size).padStart(width)}  ${shortened(words.join(" "), 72 - width)}`,
    );
  if (topics.length > shown) lines.push(`      and ${counted(topics.length - shown, "smaller topic")}`);
  lines.push(
    "",
    `${counted(withoutTopic, "row belongs", "rows belong")} to no topic (${percent(withoutTopic / rows)}).`,
  );
  if (withoutVector > 0) lines.push(`${counted(withoutVector, "row has", "rows have")} no text or no known word.`);
  if (out !== undefined) lines.push(`Written: ${out}; new columns: ${columns.join(", ")}.`);
  if (map !== undefined) lines.push(`Map: open ${map} in a browser.`);
  return lines.join("\n");
}
