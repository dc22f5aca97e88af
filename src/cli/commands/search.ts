// columnist search: a question in, the rows most like it out.

import type { SearchResult } from "../../workflows/search.js";
import { searchOptionsSchema } from "../../workflows/search-options.js";
import colors from "../colors.js";
import { command } from "../commands.js";
import { shortened } from "../text-table.js";

export const search = command({
  arguments: [
    ["<source>", "index folder, or a table (then with --text)"],
    ["<question>", "what to look for, in your own words"],
  ],
  schema: searchOptionsSchema,
  example:
    'columnist search tickets.csv --text body "the card machine kept my card"\n' +
    'columnist search index "the card machine kept my card" --top 5',
  async run([source, question], options, { watch }) {
    const { searchRows } = await import("../../workflows/search.js");
    const result = await searchRows(source, question, options, watch);
    return { document: result, text: textOf(result) };
  },
});

function textOf({ matches }: SearchResult): string {
  if (matches.length === 0) return "No row has a known word.";
  const width = Math.max(...matches.map(({ row }) => String(row).length));
  return matches
    .map(({ row, text, similarity }) => {
      const head = `${similarity.toFixed(3)}  row ${String(row).padStart(width)}`;
      return `${colors.dim(head)}  ${shortened(text, 80 - head.length - 2)}`;
    })
    .join("\n");
}
