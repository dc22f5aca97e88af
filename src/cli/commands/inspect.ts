// columnist inspect: a model folder in plain words.
import { z } from "zod";
import type { InspectResult } from "../../workflows/inspect.js";
import { command } from "../commands.js";
import { percent, shortened, textTable } from "../text-table.js";
import { comparisonText } from "./train.js";

export const inspect = command({
  arguments: [["<model>", "model folder"]],
  schema: z.object({}),
  example: "columnist inspect model",
  async run([model]) {
    const { inspectModel } = await import("../../workflows/inspect.js");
    const result = await inspectModel(model);
    return { document: result, text: textOf(result) };
  },
});

function textOf({ folder, facts, summary, comparison, files }: InspectResult): string {
  const { labels, textColumns, labelColumn, data, options, parameters, columnist, family } = facts;
  const shown = labels.slice(0, 12).map((label) => shortened(label, 30));
  const rest = labels.length > shown.length ? ` and ${labels.length - shown.length} more` : "";
  const chosen = comparison.models.find((model) => model.family === family);
  const facts80: [string, string][] = [
    ["What it is", `a text classifier, ${family}: ${summary}`],
    ["It reads", `the text of ${textColumns.join(" and ")}`],
    ["It answers", `${labelColumn}, one of ${labels.length}: ${shown.join(", ")}${rest}`],
    ["Trained on", `${data.trainingRows} rows of ${data.source}, ${data.validationRows} more to choose by`],
    ["Settings", `seed ${options.seed}${options.epochs ? `, at most ${options.epochs} epochs` : ""}`],
    ["Learned", `${parameters.toLocaleString("en")} numbers`],
    ["Written by", `columnist ${columnist}`],
  ];
  const lines = ["", `Model folder ${folder}`, "", ...facts80.map(([name, text]) => wrapped(name, text)), ""];
  if (chosen)
    lines.push(
      `Right on ${chosen.heldOut.correct} of ${chosen.heldOut.rows} held-out rows (${percent(chosen.heldOut.accuracy)}):`,
      "",
    );
  lines.push(comparisonText(comparison), "");
  lines.push(textTable(files.map(({ name, bytes }) => [name, sizeOf(bytes)])));
  for (const warning of comparison.warnings) lines.push("", wrapped("Note", warning));
  return lines.join("\n");
}

const indent = 12;
const width = 80;

/** "Name        text text", the text wrapped to the right of the name. */
function wrapped(name: string, text: string): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last !== "" && last.length + 1 + word.length > width - indent) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return name.padEnd(indent) + lines.join(`\n${" ".repeat(indent)}`);
}

function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
