// columnist pretrain: flags in, one workflow, figures and a loss curve out.

import plot from "simple-ascii-chart";
import type { HistoryPoint } from "../../tasks/language/index.js";
import { pretrainOptionsSchema } from "../../workflows/pretrain/options.js";
import type { PretrainResult } from "../../workflows/pretrain/run.js";
import colors from "../colors.js";
import { command } from "../command.js";
import { duration } from "../duration.js";

export const pretrainCommand = command({
  arguments: [["<table>", "table, text files or a pattern of them, or - for stdin"]],
  schema: pretrainOptionsSchema,
  example:
    "columnist pretrain reviews.csv --text review --budget 10m --out lm\n" +
    "columnist pretrain 'novels/*.txt' --model lstm --epochs 2 --out lm",
  async run([table], options, { watch }) {
    const workflow = await import("../../workflows/pretrain/run.js");
    const result = await workflow.pretrain(table, options, watch);
    const { folder, ...document } = result;
    return { document: { model: folder, ...document }, text: textOf(result) };
  },
});

function textOf({ folder, family, parameters, validation, tokens, seconds, history }: PretrainResult): string {
  const { loss, perplexity, bitsPerByte, heldOut } = validation;
  const figures = [
    loss !== undefined && `loss ${colors.bold(loss.toFixed(4))}`,
    perplexity !== undefined && `perplexity ${perplexity.toFixed(2)}`,
    bitsPerByte !== undefined && `${bitsPerByte.toFixed(4)} bits per byte`,
  ].filter((figure) => figure !== false);
  return [
    "",
    ...curve(history),
    `${family}: ${parameters.toLocaleString("en")} parameters, ${tokens.toLocaleString("en")} tokens in ${duration(seconds)}`,
    `Held out (${heldOut}): ${figures.join(", ")}`,
    `Written: ${folder} (open ${folder.replace(/\/$/, "")}/report.html)`,
    `Next: columnist generate ${folder} --prompt "…", or train --base ${folder} to classify with it`,
  ].join("\n");
}

/** Loss over steps: training and validation, in nats a token. */
function curve(history: readonly HistoryPoint[]): string[] {
  if (history.length < 2) return [];
  const training = history.map(({ step, trainingLoss }): [number, number] => [step, trainingLoss]);
  const validation = history.flatMap(({ step, validationLoss }): [number, number][] =>
    validationLoss === undefined ? [] : [[step, validationLoss]],
  );
  const chart = plot([training, validation], {
    width: 60,
    height: 12,
    color: ["ansiCyan", "ansiYellow"],
    title: "Loss by step: training and validation",
    formatter: (value: number) => (Number.isInteger(value) ? String(value) : value.toFixed(2)),
  });
  return [...colors.drawn(chart).split("\n"), ""];
}
