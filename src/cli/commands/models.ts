// columnist models: what is in the Hub's cache, and which commands take it.
import { z } from "zod";
import { counted } from "../../base/counted.js";
import type { ModelKind } from "../../hub/index.js";
import { type ListedModel, listModels } from "../../workflows/models/run.js";
import colors from "../colors.js";
import { command } from "../command.js";
import { sizeText } from "../model-text.js";
import { wrapped } from "../wrapped.js";

export const models = command({
  arguments: [],
  schema: z.object({}),
  example: "columnist models",
  async run() {
    const result = listModels();
    return { document: result, text: textOf(result) };
  },
});

const titles: Record<ModelKind, string> = {
  encoder: "Encoders",
  static: "Static vectors",
  graph: "ONNX graphs",
  decoder: "Decoders",
  gguf: "Decoders as GGUF files",
  unknown: "Cannot be used",
};

function textOf({ cache, models }: { cache: string; models: ListedModel[] }): string {
  if (models.length === 0) return `No models in ${cache}.\nModels worth having: columnist pull`;
  const groups = Object.entries(titles).flatMap(([kind, title]) => {
    const members = models.filter((model) => model.kind === kind);
    if (members.length === 0) return [];
    const { commands } = members[0];
    const head = commands.length === 0 ? title : wrapped(`${title}: columnist ${commands.join(", ")}`);
    return [[head, ...members.flatMap(linesOf)].join("\n")];
  });
  return [...groups, `${counted(models.length, "model")} in ${cache}`].join("\n\n");
}

function linesOf(model: ListedModel): string[] {
  const { name, architecture, problem, revision, refs } = model;
  const facts = [architecture, sizeText(model), `${refs[0] ?? "commit"} ${revision.slice(0, 8)}`].filter(Boolean);
  return [`  ${colors.bold(name)}`, wrapped(problem ?? facts.join(", "), 4)];
}
