// columnist pull: a model of the Hub into the cache; without an id, models worth having.
import { counted } from "../../base/counted.js";
import { shellWord } from "../../base/shell-word.js";
import { showBytes } from "../../base/show-bytes.js";
import {
  catalogue,
  catalogueTasks,
  describeModel,
  type ModelDescription,
  type ModelKind,
  type PulledModel,
  pullModel,
  pullOptionsSchema,
} from "../../hub/index.js";
import colors from "../colors.js";
import { command } from "../command.js";
import { kindText, parametersText, sizeText } from "../model-text.js";
import { wrapped } from "../wrapped.js";

export const pull = command({
  arguments: [["[model]", "<id>[/<file>.gguf][@<revision>] on the Hub; without it, models worth having are listed"]],
  schema: pullOptionsSchema,
  example:
    "columnist pull sentence-transformers/all-MiniLM-L6-v2\n" +
    "columnist pull HuggingFaceTB/SmolLM2-360M-Instruct@main",
  async run([name], options, { watch }) {
    if (name === undefined) return { document: { models: catalogue }, text: catalogueText() };
    const pulled = await pullModel(name, options, watch);
    const description = describeModel(pulled);
    return { document: { ...pulled, ...description }, text: textOf(pulled, description) };
  },
});

function catalogueText(): string {
  const groups = Object.entries(catalogueTasks).map(([task, title]) => {
    const lines = catalogue
      .filter((model) => model.task === task)
      .flatMap(({ id, languages, parameters, bytes, licence, note = "" }) => [
        `  ${colors.bold(id)}`,
        `    ${[languages, parametersText(parameters), showBytes(bytes), licence].join(" · ")}`,
        ...(note === "" ? [] : [colors.dim(`    ${note}`)]),
      ]);
    return [title, ...lines].join("\n");
  });
  return [...groups, "Download one: columnist pull <id>\nWhat you have: columnist models"].join("\n\n");
}

function textOf({ name, path, files, downloaded }: PulledModel, description: ModelDescription): string {
  const came = downloaded === 0 ? "all in the cache already" : `${showBytes(downloaded)} downloaded`;
  return [
    colors.bold(name),
    wrapped(`${kindText(description)}, ${sizeText(description)}; ${counted(files.length, "file")}, ${came}`),
    path,
    `Next: ${nextCommands[description.kind](shellWord(name))}`,
  ].join("\n");
}

const embed = (name: string) => `columnist embed <table> --text <column> --with ${name} --out vectors.parquet`;
const generate = (name: string) => `columnist generate ${name} --prompt "…"`;
const nextCommands: Record<ModelKind, (name: string) => string> = {
  encoder: embed,
  static: embed,
  graph: embed,
  decoder: generate,
  gguf: generate,
  unknown: () => "columnist models says why no command takes it",
};
