// columnist similar: words in, the nearest words out.
import { similarOptionsSchema } from "../../workflows/similar/options.js";
import { command } from "../command.js";
import { textTable } from "../text-table.js";

export const similar = command({
  arguments: [
    ["<vectors>", "vectors folder, or a file in word2vec's or GloVe's format"],
    ["<words...>", "word, or several to add up"],
  ],
  schema: similarOptionsSchema,
  example: "columnist similar vectors river\ncolumnist similar vectors king woman --minus man",
  async run([vectors, words], options, { watch }) {
    const { findSimilar } = await import("../../workflows/similar/run.js");
    const result = await findSimilar(vectors, words as unknown as string[], options, watch);
    const rows = result.words.map(({ word, similarity }) => [word, similarity.toFixed(3)]);
    return { document: result, text: textTable([["Word", "Cosine"], ...rows]) };
  },
});
