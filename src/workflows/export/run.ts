// A model of ours as a folder for other programs: in Hugging Face's layout, with one ONNX file beside it.

import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { writeFault } from "../../base/outputs.js";
import { packageVersion } from "../../base/package-version.js";
import { readSmallFile } from "../../base/regular-file.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { readVectorsFolder } from "../../embeddings/index.js";
import { type Kind, type ModelFiles, tellFolder } from "../../folders/index.js";
import { findModel } from "../../hub/index.js";
import {
  checkLayoutOut,
  writeDecoder,
  writeEncoder,
  writeLayout,
  writeStaticVectors,
} from "../../networks/hugging-face/index.js";
import { checkOutputs } from "../../tables/index.js";
import { openTextModel } from "../../tasks/index.js";
import { readPretrainedNetwork } from "../../tasks/language/index.js";
import { type Exported, modelCard } from "./model-card.js";
import { type ExportOptions, exportOptionsSchema } from "./options.js";

export interface ExportResult {
  out: string;
  /** model_type of config.json. */
  type: string;
  /** Of Python: what opens the folder. */
  opens: string;
  files: string[];
}

const cardName = "README.md";
const onnxName = "model.onnx";
/** Stands in README.md, by which an earlier export is told. */
const mark = "columnist export";

/**
 * @param path - the folder of a fine-tuned encoder, of a language model in the arrangement llama or gpt2, or of vectors of tokens
 * @throws UserError for what other programs have no form for, and for a target that is no earlier export
 * @example
 * await exportModel("model", { out: "exported" });
 */
export async function exportModel(
  path: string,
  options: ExportOptions,
  watch: WorkflowWatch = {},
): Promise<ExportResult> {
  const { out, overwrite } = exportOptionsSchema.parse(options);
  await checkOutputs({ inputs: [path], outputs: [out] });
  const rule = { noun: "earlier export", isOne: isExport, more: [cardName, onnxName], overwrite };
  checkLayoutOut(out, rule);
  const kind = tellFolder(path)?.kind;
  if (kind === undefined) {
    const { path: found } = findModel(path);
    throw new UserError(
      `'${found}' is no folder of columnist: it is in a layout that other programs open already. Specify a folder of ` +
        "columnist train, pretrain or distil.",
    );
  }
  const write = writers[kind];
  if (typeof write === "string") throw new UserError(`'${path}' ${write}`);
  watch.onProgress?.({ stage: "reading the model", done: 0, total: 1 });
  let written: Exported | undefined;
  try {
    await writeLayout(out, rule, async (aside) => {
      written = await write(path, aside);
      writeFileSync(join(aside, cardName), modelCard(written, `${mark}, version ${packageVersion()}`));
    });
  } catch (error) {
    throw writeFault(error, out);
  }
  const { type, headClass } = written!;
  const opens = headClass ?? openers[kind] ?? "AutoModelForCausalLM";
  return { out, type, opens, files: readdirSync(out).sort() };
}

const openers: Partial<Record<Kind, string>> = {
  "text-model": "SentenceTransformer",
  "word-vectors": "SentenceTransformer",
};

type Writer = (path: string, folder: string) => Promise<Exported>;

/** By kind: what writes it, or why nothing can. */
const writers: Record<Kind, Writer | string> = {
  "text-model": writeTextModel,
  "language-model": writeLanguageModel,
  "word-vectors": writeVectors,
  "row-index": "is an index: its vectors are in rows.parquet, which Python opens as a table.",
  "layer-model": "is a model of layers: any ONNX runtime opens its model.onnx.",
  "unfinished-run": `is an unfinished run. Finish it with ${option("resume")} first.`,
};

async function writeTextModel(path: string, folder: string): Promise<Exported> {
  const { model, task, space, facts } = await openTextModel(path, { threads: 1 });
  try {
    const { exported } = model;
    if (!exported) throw noForm(path, facts.family, await model.files());
    const names = task.answerNames(facts.labelColumn, space);
    const { network } = exported;
    const { type, headClass } = writeEncoder(folder, {
      ...network,
      head: network.head && { ...network.head, labels: names },
    });
    writeFileSync(join(folder, onnxName), exported.onnx());
    const answers = { output: task.form.output, labelColumn: facts.labelColumn };
    return { type, headClass, what: task.noun, answers, prompt: network.prompt };
  } finally {
    await model.close();
  }
}

function noForm(path: string, family: string, { config, onnx }: ModelFiles): UserError {
  if (typeof config === "object" && config !== null && "bits" in config)
    return new UserError(
      `'${path}' has its weights in 8 bits, a form of this program's own: any ONNX runtime opens its model.onnx. For a folder that Python ` +
        "opens, export the model that it was made from.",
    );
  const instead = onnx
    ? "any ONNX runtime opens its model.onnx with the ids of its tokenizer.json."
    : "columnist predict answers by it.";
  return new UserError(
    `'${path}' is of the family ${family}, which transformers have no class for: ${instead} For a model that Python opens, train with ` +
      `${option("base")} <encoder> ${option("tune")} full.`,
  );
}

async function writeLanguageModel(path: string, folder: string): Promise<Exported> {
  const { type } = writeDecoder(folder, await readPretrainedNetwork(path));
  return { type, what: "a language model" };
}

async function writeVectors(path: string, folder: string): Promise<Exported> {
  writeStaticVectors(folder, (await readVectorsFolder(path)).vectors);
  return { type: "model2vec", what: "static vectors of tokens" };
}

function isExport(folder: string): boolean {
  const card = join(folder, cardName);
  return (
    existsSync(card) &&
    readSmallFile(card, 1 << 20)
      .toString("utf8")
      .includes(mark)
  );
}
