// columnist tokenize: flags in, one workflow; the rows go to a file or to stdout.
import { counted } from "../../base/counted.js";
import { tokenizeOptionsSchema } from "../../workflows/tokenize/options.js";
import { command } from "../command.js";
import { dataOutput } from "../terminal.js";
import { printRows } from "./print-rows.js";

export const tokenize = command({
  arguments: [
    ["<lm>", "folder of a model, or a tokenizer.json"],
    ["<table>", "table with the text columns, or .txt files, one text each"],
  ],
  schema: tokenizeOptionsSchema,
  example:
    "columnist tokenize lm reviews.csv --text review --out ids.parquet\ncolumnist tokenize tokenizer.json 'novels/*.txt' --out ids.jsonl",
  async run([lm, table], options, { watch, json }) {
    const { tokenizeTable } = await import("../../workflows/tokenize/run.js");
    const write = async (out: string | undefined) => {
      const result = await tokenizeTable(lm, table, { ...options, out }, watch, dataOutput());
      if (result.unknown > 0)
        watch.onMessage?.(`${result.unknown} of ${counted(result.tokens, "token")} not in the vocabulary.`);
      if (!result.hasOffsets) watch.onMessage?.("This tokenizer does not track positions: offsets are not available.");
      return result;
    };
    if (json && options.out === undefined) {
      await printRows("texts", async (out) => {
        const { out: _, ...head } = await write(out);
        return { lm, ...head };
      });
      return undefined;
    }
    const result = await write(options.out);
    if (result.out === undefined) return undefined;
    const { rows, tokens, bytes, out } = result;
    const each = tokens > 0 ? `, ${(bytes / tokens).toFixed(2)} bytes each` : "";
    return {
      document: { lm, ...result },
      text: `${counted(rows, "text")}, ${counted(tokens, "token")}${each}: written to ${out}`,
    };
  },
});
