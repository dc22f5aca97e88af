// columnist topics: flags in, one workflow, topics out.

import { counted } from "../../base/counted.js";
import { shellWord } from "../../base/shell-word.js";
import { topicsOptionsSchema } from "../../workflows/topics/options.js";
import type { TopicsResult } from "../../workflows/topics/run.js";
import colors from "../colors.js";
import { command } from "../command.js";
import { percent, shortened, textTable, widthOf } from "../text-table.js";

/** Topics that are told; --json tells all. */
const shown = 20;
const width = 80;
/** Columns for a topic's words where groups stand beside them, and for the name of a group. */
const [widestTopic, widestGroup] = [32, 12];

export const topics = command({
  arguments: [["<table>", "CSV, TSV, JSON Lines, Parquet or DuckDB file, a pattern of them, or - for stdin"]],
  schema: topicsOptionsSchema,
  example: "columnist topics tickets.csv --text body --out topics.csv --by team",
  async run([table], options, { watch }) {
    const { findTableTopics } = await import("../../workflows/topics/run.js");
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

function textOf(result: TopicsResult): string {
  const { rows, withoutVector, withoutTopic, topics, by, out, map, columns } = result;
  const digits = String(topics[0]?.rows ?? 0).length;
  const lines = ["", `${colors.bold(counted(topics.length, "topic"))} in ${counted(rows, "row")}:`, ""];
  for (const [i, { rows: size, words, examples }] of topics.slice(0, shown).entries()) {
    const place = `${String(i + 1).padStart(4)}  ${String(size).padStart(digits)}  `;
    lines.push(place + colors.bold(shortened(words.join(" "), width - place.length)));
    for (const example of examples)
      lines.push(" ".repeat(place.length) + colors.dim(shortened(example, width - place.length)));
  }
  if (topics.length > shown) lines.push(`      and ${topics.length - shown} smaller ones (all with --json)`);
  if (by) lines.push("", ...groupLines(topics, by));
  lines.push(
    "",
    `${counted(withoutTopic, "row belongs", "rows belong")} to no topic (${percent(withoutTopic / rows)}).`,
  );
  if (withoutVector > 0) lines.push(`${counted(withoutVector, "row has", "rows have")} no text or no known word.`);
  if (out !== undefined) lines.push(`Written: ${out}; new columns: ${columns.join(", ")}.`);
  if (map !== undefined) lines.push(`Map: open ${map} in a browser.`);
  return lines.join("\n");
}

/** The largest groups that fit, as columns; a topic's share is of the group's rows. */
function groupLines(topics: TopicsResult["topics"], { column, groups }: NonNullable<TopicsResult["by"]>): string[] {
  const names = groups.map(({ value }) => shortened(value ?? "(empty)", widestGroup));
  let [fitting, used] = [0, widestTopic];
  for (const name of names) {
    used += 2 + Math.max(7, widthOf(name));
    if (used > width) break;
    fitting++;
  }
  const told = groups.slice(0, fitting);
  const table = textTable([
    ["", ...names.slice(0, fitting)],
    ["rows", ...told.map((group) => String(group.rows))],
    ...topics
      .slice(0, shown)
      .map(({ words }, topic) => [
        shortened(`${String(topic + 1).padStart(4)}  ${words.join(" ")}`.trimStart(), widestTopic),
        ...told.map(({ shares }) => percent(shares[topic])),
      ]),
  ]);
  const more =
    groups.length > fitting ? [`and ${counted(groups.length - fitting, "smaller group")} (all with --json)`] : [];
  return [`Topic shares by ${column}:`, "", table, ...more];
}
