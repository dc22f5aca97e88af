// columnist embeddings train: flags in, one workflow, a folder or a file out.

import { embeddingsTrainOptionsSchema } from "../../workflows/embeddings-train/options.js";
import colors from "../colors.js";
import { command } from "../command.js";
import { duration } from "../duration.js";

export const embeddingsTrain = command({
  arguments: [["<table>", "CSV, TSV, JSON Lines, Parquet or DuckDB file, a pattern of them, or - for stdin"]],
  schema: embeddingsTrainOptionsSchema,
  example: "columnist embeddings train reviews.csv --text review --out vectors",
  async run([table], options, { watch }) {
    const { trainEmbeddings } = await import("../../workflows/embeddings-train/run.js");
    const result = await trainEmbeddings(table, options, watch);
    const { out, format, method, words, dim, texts, tokens, mostFrequent, seconds } = result;
    const count = (value: number) => value.toLocaleString("en");
    const lines = [
      "",
      `${count(tokens)} words in ${count(texts)} ${texts === 1 ? "text" : "texts"}, ${count(words)} distinct.`,
      `${colors.bold(`Vectors of ${dim} dimensions`)} by ${method}, in ${duration(seconds)}.`,
      `Written: ${out} (${format})`,
      "",
      `Next: columnist similar ${out} ${mostFrequent.find((word) => word.length > 3) ?? mostFrequent[0]}`,
    ];
    return { document: result, text: lines.join("\n") };
  },
});
