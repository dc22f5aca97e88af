// columnist inspect: a folder of any kind in plain words.
import { z } from "zod";
import { counted } from "../../base/counted.js";
import { showBytes } from "../../base/show-bytes.js";
import { nameOf } from "../../tasks/comparison.js";
import type {
  InspectedEncoder,
  InspectedIndex,
  InspectedLanguageModel,
  InspectedLayerModel,
  InspectedRun,
  InspectedTextModel,
  InspectedVectors,
  InspectResult,
} from "../../workflows/inspect/run.js";
import { command } from "../command.js";
import { duration } from "../duration.js";
import { comparisonText, outOfFoldText } from "../figures.js";
import { textTable } from "../text-table.js";
import { wrapped as wrappedText } from "../wrapped.js";

export const inspect = command({
  arguments: [["<folder>", "folder of a model, of word vectors, of an index or of a pretraining run"]],
  schema: z.object({}),
  example: "columnist inspect model",
  async run([model]) {
    const { inspectModel } = await import("../../workflows/inspect/run.js");
    const result = await inspectModel(model);
    return { document: result, text: textOf(result) };
  },
});

function textOf(result: InspectResult): string {
  const { folder, files } = result;
  const sizes = textTable(files.map(({ name, bytes }) => [name, showBytes(bytes)]));
  return ["", `${titles[result.kind]} ${folder}`, "", ...linesOf(result), "", sizes, ...notesOf(result)].join("\n");
}

const titles: Record<InspectResult["kind"], string> = {
  "text-model": "Model folder",
  "language-model": "Model folder",
  "word-vectors": "Folder of word vectors",
  "row-index": "Index",
  "unfinished-run": "Unfinished run in",
  "layer-model": "Model folder",
  "pretrained-encoder": "Encoder",
};

function linesOf(result: InspectResult): string[] {
  switch (result.kind) {
    case "text-model":
      return textModel(result);
    case "language-model":
      return languageModel(result);
    case "word-vectors":
      return wordVectors(result);
    case "row-index":
      return rowIndex(result);
    case "unfinished-run":
      return unfinishedRun(result);
    case "layer-model":
      return layerModel(result);
    case "pretrained-encoder":
      return encoder(result);
  }
}

const count = (value: number) => value.toLocaleString("en");

function wordVectors({ facts, firstWords }: InspectedVectors): string[] {
  const { dim, words, method, data, ngrams, lowercase, columnist } = facts;
  const known: [string, string][] = [
    ["Type", `word vectors, by ${method}`],
    ["Contents", `${count(words)} words, ${dim} dimensions${ngrams ? "; other words from their n-grams" : ""}`],
    ["Words", `${firstWords.join(", ")}${words > firstWords.length ? " …" : ""}${lowercase ? " (in lower case)" : ""}`],
    ["Trained on", `${count(data.texts)} texts, ${count(data.tokens)} words, of ${data.source}`],
    ["Written by", `columnist ${columnist}`],
  ];
  return known.map(([name, text]) => wrapped(name, text));
}

function rowIndex({ facts }: InspectedIndex): string[] {
  const { rows, dim, encoder, shards, textColumns, data, columnist } = facts;
  const known: [string, string][] = [
    ["Type", "a search index"],
    ["Contents", `${count(rows)} rows of ${data.source} (${textColumns.join(" and ")}), ${dim} dimensions`],
    ["Vectors", `from ${encoder.description}`],
    ["Search", shards.length > 0 ? "approximate (HNSW); --exact compares all rows" : "compares all rows"],
    ["Written by", `columnist ${columnist}`],
  ];
  return known.map(([name, text]) => wrapped(name, text));
}

function unfinishedRun({ facts, done, steps, families }: InspectedRun): string[] {
  const { becomes, options, columnist } = facts;
  const command = becomes === "text-model" ? "train" : "pretrain";
  const reached = done === undefined ? "no checkpoint yet" : `a checkpoint after step ${count(done)}`;
  const training = steps === undefined ? "not started" : `${reached}, of ${count(steps)} steps`;
  const trained = families?.length ? `${families.join(", ")} ${families.length > 1 ? "are" : "is"} trained` : "begun";
  const known: [string, string][] = [
    ["Type", `an unfinished run of ${command} (--model ${options.model}), no model yet`],
    ["Training", families ? trained : training],
    ["Trained on", String(options.path)],
    ["Next", "resume with the same command and --resume"],
    ["Written by", `columnist ${columnist}`],
  ];
  return known.map(([name, text]) => wrapped(name, text));
}

function encoder({ type, parameters, dim, maxLength, bits }: InspectedEncoder): string[] {
  const known: [string, string][] = [
    ["Type", `a pretrained ${type} encoder`],
    ["Input", `texts, of which ${count(maxLength)} tokens are read`],
    ["Output", `a vector of ${count(dim)} numbers`],
    ["Parameters", count(parameters)],
    ["Weights", `${bits} bits`],
  ];
  return known.map(([name, text]) => wrapped(name, text));
}

function layerModel({ facts, summary }: InspectedLayerModel): string[] {
  const known: [string, string][] = [
    ["Type", "a layer model, saved by the library (open it with loadModel)"],
    ["Written by", `columnist ${facts.columnist}`],
  ];
  return [...known.map(([name, text]) => wrapped(name, text)), "", summary];
}

function languageModel({ facts, summary, contextLength, results }: InspectedLanguageModel): string[] {
  const { textColumns, vocabSize, data, parameters, columnist, family } = facts;
  const { validation, steps, tokens, seconds } = results;
  const figures = [
    validation.loss !== undefined && `loss ${validation.loss.toFixed(4)}`,
    validation.perplexity !== undefined && `perplexity ${validation.perplexity.toFixed(2)}`,
    validation.bitsPerByte !== undefined && `${validation.bitsPerByte.toFixed(4)} bits per byte`,
  ].filter((figure) => figure !== false);
  const column = textColumns.length > 0 ? ` (${textColumns.join(" and ")})` : "";
  const reach = contextLength === undefined ? "" : `, context of ${count(contextLength)} tokens`;
  const known: [string, string][] = [
    ["Type", `a language model, ${family}: ${summary}`],
    ["Input", `vocabulary of ${count(vocabSize)} tokens${reach}`],
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

function textModel({ facts, noun, summary, output, comparison }: InspectedTextModel): string[] {
  const { textColumns, data, options, parameters, columnist, family, quantized } = facts;
  const name = comparison.chosen ?? family;
  const chosen = comparison.models.find((model) => nameOf(model) === name);
  const known: [string, string][] = [
    ["Type", `${noun}, ${name}: ${summary}`],
    ["Input", `the text of ${textColumns.join(" and ")}`],
    ["Output", output],
    [
      "Trained on",
      `${counted(data.trainingRows, "row")} of ${data.source}, ${data.validationRows} more for validation`,
    ],
    ...splitOf(comparison),
    ["Settings", `seed ${options.seed}${options.epochs ? `, at most ${counted(options.epochs, "epoch")}` : ""}`],
    ["Parameters", parameters.toLocaleString("en")],
    ...weightsOf(quantized),
    ["Written by", `columnist ${columnist}`],
  ];
  const lines = [...known.map(([name, text]) => wrapped(name, text)), ""];
  if (chosen) lines.push(`On ${counted(comparison.rows.heldOut, "held-out row")}:`, "");
  lines.push(comparisonText(comparison));
  if (comparison.outOfFold) lines.push("", wrappedText(outOfFoldText(comparison.outOfFold)));
  return lines;
}

function splitOf({ split }: InspectedTextModel["comparison"]): [string, string][] {
  if (split?.group !== undefined) return [["Split", `by groups: no value of ${split.group} is in two parts`]];
  if (split?.time !== undefined) return [["Split", `by time: later values of ${split.time} validate and measure`]];
  return [];
}

function weightsOf(quantized: InspectedTextModel["facts"]["quantized"]): [string, string][] {
  return quantized ? [["Weights", `${quantized.bits} bits; the figures below were measured in 32 bits`]] : [];
}

const indent = 12;

/** "Name        text text", the text wrapped to the right of the name. */
function wrapped(name: string, text: string): string {
  return name.padEnd(indent) + wrappedText(text, indent).slice(indent);
}
