// columnist perplexity: flags in, one workflow, a table out.
import { basename } from "node:path";
import type { TextLoss } from "../../metrics/index.js";
import { perplexityOptionsSchema } from "../../workflows/perplexity/options.js";
import type { PerplexityResult } from "../../workflows/perplexity/run.js";
import colors from "../colors.js";
import { command } from "../command.js";
import { shortened, textTable } from "../text-table.js";

export const perplexity = command({
  arguments: [
    ["<lm>", "language model: a folder, or a .gguf file"],
    ["<table>", "table with the text, or a pattern of files"],
  ],
  schema: perplexityOptionsSchema,
  example: "columnist perplexity lm reviews.csv --text review\ncolumnist perplexity lm reviews.csv --mix ngram --json",
  async run([lm, table], options, { watch }) {
    const { measurePerplexity } = await import("../../workflows/perplexity/run.js");
    const result = await measurePerplexity(lm, table, options, watch);
    return { document: { model: lm, ...result }, text: textOf(result) };
  },
});

function textOf({ source, texts, tokens, bytes, models, mixture, ...losses }: PerplexityResult): string {
  const number = (value: number) => value.toLocaleString("en");
  const row = (name: string, { loss, perplexity, bitsPerByte, bitsPerCharacter }: TextLoss) => [
    name,
    loss.toFixed(4),
    perplexity < 1e6 ? perplexity.toFixed(2) : perplexity.toExponential(2),
    bitsPerByte.toFixed(4),
    bitsPerCharacter.toFixed(4),
  ];
  const rows = models.map(({ folder, family, ...alone }) =>
    row(`${shortened(basename(folder), 20)} (${family})`, alone),
  );
  if (mixture) rows.push(row(mixture.weights.map((weight) => weight.toFixed(3)).join(" + "), losses).map(colors.bold));
  const lines = [
    "",
    `${shortened(basename(source), 40)}: ${number(texts)} ${texts === 1 ? "text" : "texts"}, ${number(tokens)} tokens, ${number(bytes)} bytes`,
    "",
    textTable([["Model", "Loss", "Perplexity", "Bits/byte", "Bits/char"].map((name) => colors.dim(name)), ...rows]),
  ];
  if (mixture) lines.push("", `Weights fitted on ${shortened(mixture.fittedOn, 40)}.`);
  return lines.join("\n");
}
