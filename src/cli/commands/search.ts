// columnist search: a question in, the rows most like it out.
import { counted } from "../../base/counted.js";
import { searchOptionsSchema } from "../../workflows/search/options.js";
import type { SearchAnswer, SearchResult } from "../../workflows/search/run.js";
import colors from "../colors.js";
import { command } from "../command.js";
import { shortened } from "../text-table.js";

export const search = command({
  arguments: [
    ["<source>", "index folder, or a table (then with --text)"],
    ["<question...>", "query in your own words; several are searched in turn"],
  ],
  schema: searchOptionsSchema,
  example:
    'columnist search tickets.csv --text body "the card machine kept my card"\n' +
    'columnist search index "the card machine kept my card" --top 5\n' +
    'columnist search index "lost my card" "wrong PIN" --top 50 --out hits.csv',
  async run([source, questions], options, { watch }) {
    const { searchRows } = await import("../../workflows/search/run.js");
    const result = await searchRows(source, questions as unknown as string[], options, watch);
    return { document: result, text: textOf(result, options.full) };
  },
});

function textOf({ answers, out }: SearchResult, full: boolean): string {
  const parts = answers.map((answer) => {
    const head = answers.length > 1 ? `${colors.bold(answer.question)}\n` : "";
    return head + answerText(answer, full);
  });
  if (out !== undefined) {
    const hits = answers.reduce((sum, { matches }) => sum + matches.length, 0);
    parts.push(`Written: ${out}, ${counted(hits, "hit")}.`);
  }
  return parts.join("\n\n");
}

function answerText({ matches }: SearchAnswer, full: boolean): string {
  if (matches.length === 0) return "No row contains a known word.";
  const width = Math.max(...matches.map(({ row }) => String(row).length));
  return matches
    .map(({ row, text, similarity }) => {
      const head = `${similarity.toFixed(3)}  row ${String(row).padStart(width)}`;
      const shown = full
        ? text.replaceAll("\n", `\n${" ".repeat(head.length + 2)}`)
        : shortened(text, 80 - head.length - 2);
      return `${colors.dim(head)}  ${shown}`;
    })
    .join("\n");
}
