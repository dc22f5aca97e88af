// columnist inspect: a model folder in plain words.

import { z } from "zod";
import { counted } from "../../base/counted.js";
import type { InspectedClassifier, InspectedLanguageModel, InspectResult } from "../../workflows/inspect.js";
import { command } from "../commands.js";
import { duration } from "../duration.js";
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

function textOf(result: InspectResult): string {
  const { folder, files } = result;
  const lines = [
    "",
    `Model folder ${folder}`,
    "",
    ...("results" in result ? languageModel(result) : classifier(result)),
  ];
  return [...lines, "", textTable(files.map(({ name, bytes }) => [name, sizeOf(bytes)])), ...notesOf(result)].join(
    "\n",
  );
}

function languageModel({ facts, summary, contextLength, results }: InspectedLanguageModel): string[] {
  const { textColumns, vocabSize, data, parameters, columnist, family } = facts;
  const { validation, steps, tokens, seconds } = results;
  const figures = [
    validation.loss !== undefined && `loss ${validation.loss.toFixed(4)}`,
    validation.perplexity !== undefined && `perplexity ${validation.perplexity.toFixed(2)}`,
    validation.bitsPerByte !== undefined && `${validation.bitsPerByte.toFixed(4)} bits per byte`,
  ].filter((figure) => figure !== false);
  const count = (value: number) => value.toLocaleString("en");
  const column = textColumns.length > 0 ? ` (${textColumns.join(" and ")})` : "";
  const reach = contextLength === undefined ? "" : `, ${count(contextLength)} tokens at once`;
  const known: [string, string][] = [
    ["What it is", `a language model, ${family}: ${summary}`],
    ["It reads", `${count(vocabSize)} different tokens${reach}`],
    [
      "Trained on",
      `${count(data.trainingTexts)} texts, ${count(data.trainingTokens)} tokens, of ${data.source}${column}`,
    ],
    ["Training", `${steps ? `${count(steps)} steps, ` : ""}${count(tokens)} tokens in ${duration(seconds)}`],
    ["Held out", `${validation.heldOut}: ${figures.join(", ") || "not measured"}`],
    ["Parameters", count(parameters)],
    ["Written by", `columnist ${columnist}`],
  ];
  return known.map(([name, text]) => wrapped(name, text));
}

function notesOf(result: InspectResult): string[] {
  return "comparison" in result ? result.comparison.warnings.flatMap((warning) => ["", wrapped("Note", warning)]) : [];
}

function classifier({ facts, summary, comparison }: InspectedClassifier): string[] {
  const { labels, textColumns, labelColumn, data, options, parameters, columnist, family } = facts;
  const shown = labels.slice(0, 12).map((label) => shortened(label, 30));
  const rest = labels.length > shown.length ? ` and ${labels.length - shown.length} more` : "";
  const chosen = comparison.models.find((model) => model.family === family);
  const known: [string, string][] = [
    ["What it is", `a text classifier, ${family}: ${summary}`],
    ["It reads", `the text of ${textColumns.join(" and ")}`],
    ["It answers", `${labelColumn}, one of ${labels.length}: ${shown.join(", ")}${rest}`],
    [
      "Trained on",
      `${counted(data.trainingRows, "row")} of ${data.source}, ${data.validationRows} more for validation`,
    ],
    ["Settings", `seed ${options.seed}${options.epochs ? `, at most ${counted(options.epochs, "epoch")}` : ""}`],
    ["Parameters", parameters.toLocaleString("en")],
    ["Written by", `columnist ${columnist}`],
  ];
  const lines = [...known.map(([name, text]) => wrapped(name, text)), ""];
  if (chosen)
    lines.push(
      `Right on ${chosen.heldOut.correct} of ${counted(chosen.heldOut.rows, "held-out row")} (${percent(chosen.heldOut.accuracy)}):`,
      "",
    );
  return [...lines, comparisonText(comparison)];
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
