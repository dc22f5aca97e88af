// columnist embeddings evaluate: vectors and test files in, correlations and accuracies out.
import { embeddingsEvaluateOptionsSchema } from "../../workflows/embeddings-evaluate/options.js";
import { command } from "../command.js";
import { percent, textTable } from "../text-table.js";

export const embeddingsEvaluate = command({
  arguments: [["<vectors>", "vectors folder, or a file in word2vec's or GloVe's format"]],
  schema: embeddingsEvaluateOptionsSchema,
  example: "columnist embeddings evaluate vectors --similarity wordsim353.tsv",
  async run([vectors], options, { watch }) {
    const { evaluateEmbeddings } = await import("../../workflows/embeddings-evaluate/run.js");
    const result = await evaluateEmbeddings(vectors, options, watch);
    const lines = ["", `${result.words.toLocaleString("en")} words in ${result.dim} dimensions: ${vectors}`];
    if (result.similarity.length > 0)
      lines.push(
        "",
        textTable([
          ["Similarity", "Spearman", "Pairs covered"],
          ...result.similarity.map(({ file, spearman, pairs, covered }) => [
            file,
            Number.isNaN(spearman) ? "too few" : spearman.toFixed(3),
            `${covered} of ${pairs} (${percent(covered / pairs)})`,
          ]),
        ]),
      );
    if (result.analogies.length > 0)
      lines.push(
        "",
        textTable([
          ["Analogies", "Right", "Questions covered"],
          ...result.analogies.map(({ file, accuracy, questions, covered }) => [
            file,
            covered === 0 ? "none" : percent(accuracy),
            `${covered} of ${questions} (${percent(covered / questions)})`,
          ]),
        ]),
      );
    return { document: result, text: lines.join("\n") };
  },
});
