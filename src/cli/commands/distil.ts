// columnist distil: flags in, one workflow, a folder of vectors out.
import { counted } from "../../base/counted.js";
import { shellWord } from "../../base/shell-word.js";
import { distilOptionsSchema } from "../../workflows/distil/options.js";
import colors from "../colors.js";
import { command } from "../command.js";
import { duration } from "../duration.js";

export const distil = command({
  arguments: [
    ["<encoder>", "folder of a pretrained encoder, or its id in the cache"],
    ["[table]", "table whose texts tell how frequent words are (default: Zipf's law)"],
  ],
  schema: distilOptionsSchema,
  example:
    "columnist distil sentence-transformers/all-MiniLM-L6-v2 --out vectors\n" +
    "columnist distil BAAI/bge-small-en-v1.5 tickets.csv --text body",
  async run([encoder, table], options, { watch }) {
    const { distilVectors } = await import("../../workflows/distil/run.js");
    const result = await distilVectors(encoder, table, options, watch);
    const { out, tokens, dim, texts, seconds } = result;
    const by = texts > 0 ? `weighted by ${counted(texts, "text")}` : "weighted by Zipf's law";
    const lines = [
      `${colors.bold(`Vectors of ${dim} dimensions`)} for ${counted(tokens, "token")}, ${by}, in ${duration(seconds)}.`,
      `Written: ${out}`,
      "",
      `Next: columnist embed <table> --text <column> --with ${shellWord(out)} --out vectors.parquet`,
    ];
    return { document: result, text: lines.join("\n") };
  },
});
