// What a folder is: its own words, its results, its files. Opens everything in it, so that damage shows.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../base/errors.js";
import { readVectorsFolder } from "../../embeddings/index.js";
import {
  allKinds,
  checkFolder,
  type FactsOf,
  type Folder,
  filePath,
  inFile,
  type Kind,
  openFolder,
  readFile,
  runPlace,
  tellFolder,
} from "../../folders/index.js";
import { loadModel } from "../../layer-models/index.js";
import { parameterCount } from "../../networks/encoders/index.js";
import { isHuggingFaceFolder, writesTexts } from "../../networks/hugging-face/folder.js";
import { indexFiles } from "../../row-vectors/index-folder.js";
import { ensembleName, ensembleSummary } from "../../tasks/families/ensemble.js";
import { type Comparison, comparisonSchema, openTextModel } from "../../tasks/index.js";
import { languageModelFamilies as languageFamilies, readLanguageModel } from "../../tasks/language/index.js";
import { checkpointSteps, runLengthSchema } from "../../train/index.js";
import { finishedFamilies } from "../train/finished-family.js";

export interface InspectedFolder<K extends Kind> {
  folder: string;
  kind: K;
  facts: Omit<FactsOf<K>, "model" | "plan" | "files">;
  files: { name: string; bytes: number }[];
}

export interface InspectedTextModel extends InspectedFolder<"text-model"> {
  /** What the model is, as in "a text classifier". */
  noun: string;
  /** Short description of the family. */
  summary: string;
  /** What it answers, in words. */
  output: string;
  comparison: Comparison;
}

export interface InspectedLanguageModel extends InspectedFolder<"language-model"> {
  /** Short description of the family. */
  summary: string;
  /** Maximum context length in tokens; absent if a state carries all earlier tokens. */
  contextLength?: number;
  results: PretrainingResults;
}

export interface InspectedVectors extends InspectedFolder<"word-vectors"> {
  /** The first ones of the vocabulary. */
  firstWords: string[];
}

export type InspectedIndex = InspectedFolder<"row-index">;

export interface InspectedRun extends InspectedFolder<"unfinished-run"> {
  /** Of pretraining: steps of the newest checkpoint, absent if there is none yet. */
  done?: number;
  /** Of pretraining: steps in all, absent before training begins. */
  steps?: number;
  /** Of training: families that are trained. */
  families?: string[];
}

export interface InspectedLayerModel extends InspectedFolder<"layer-model"> {
  /** As in model.summary(). */
  summary: string;
}

/** An encoder that others have trained, in Hugging Face's layout. */
export interface InspectedEncoder {
  folder: string;
  kind: "pretrained-encoder";
  /** Its model_type. */
  type: string;
  parameters: number;
  /** Numbers of a vector. */
  dim: number;
  /** Tokens of a text that are read. */
  maxLength: number;
  /** Of its matrices. */
  bits: 8 | 32;
  files: { name: string; bytes: number }[];
}

export type InspectResult =
  | InspectedEncoder
  | InspectedTextModel
  | InspectedLanguageModel
  | InspectedVectors
  | InspectedIndex
  | InspectedRun
  | InspectedLayerModel;

/** metrics.json of a language model, as far as it is shown. */
const pretrainingResultsSchema = z.object({
  validation: z.object({
    heldOut: z.string(),
    loss: z.number().optional(),
    perplexity: z.number().optional(),
    bitsPerByte: z.number().optional(),
  }),
  steps: z.number().optional(),
  tokens: z.number(),
  seconds: z.number(),
});
export type PretrainingResults = z.infer<typeof pretrainingResultsSchema>;

const inspectors: { [K in Kind]: (folder: Folder<K>) => Promise<Extract<InspectResult, { kind: K }>> } = {
  "text-model": inspectTextModel,
  "language-model": inspectLanguageModel,
  "word-vectors": inspectVectors,
  "row-index": inspectIndex,
  "unfinished-run": inspectRun,
  "layer-model": inspectLayerModel,
};

/**
 * Describes any kind of folder that Columnist writes, or that of a pretrained encoder, and checks all its files.
 *
 * @throws UserError when the folder was not written by Columnist, or a file of it is missing or damaged
 * @example
 * const { facts, files } = await inspectModel("model");
 */
export async function inspectModel(path: string): Promise<InspectResult> {
  if (!tellFolder(path) && isHuggingFaceFolder(path) && !writesTexts(path)) return inspectEncoder(path);
  const isRun = tellFolder(path)?.kind === "unfinished-run" && tellFolder(join(path, runPlace)) !== undefined;
  const folder = openFolder(isRun ? join(path, runPlace) : path, ...allKinds);
  await checkFolder(folder);
  // One row of the table for each kind: the types of both sides belong together.
  const inspect = inspectors[folder.kind] as (folder: Folder) => Promise<InspectResult>;
  return { ...(await inspect(folder)), folder: path };
}

/** Facts for programs alone. */
const untold = new Set(["model", "plan", "files"]);

function toldOf<K extends Kind>({ path, kind, facts }: Folder<K>): InspectedFolder<K> {
  const own = Object.fromEntries(Object.entries(facts).filter(([name]) => !untold.has(name)));
  return { folder: path, kind, facts: own as unknown as InspectedFolder<K>["facts"], files: filesOf(path) };
}

async function inspectTextModel(folder: Folder<"text-model">): Promise<InspectedTextModel> {
  const { facts, task, space, model } = await openTextModel(folder.path, { threads: 1 });
  await model.close();
  return {
    ...toldOf(folder),
    noun: task.noun,
    summary: facts.family === ensembleName ? ensembleSummary : task.families[facts.family].summary,
    output: task.describe(facts.labelColumn, space),
    comparison: readResults(folder, comparisonSchema),
  };
}

async function inspectEncoder(folder: string): Promise<InspectedEncoder> {
  const model = (await import("../../networks/hugging-face/index.js")).readEncoder(folder);
  const { type, dim, maxLength, isStoredInEightBits } = model;
  const bits = isStoredInEightBits ? 8 : 32;
  const common = { folder, kind: "pretrained-encoder" as const, type, dim, maxLength, bits } as const;
  return { ...common, parameters: parameterCount(model), files: filesOf(folder) };
}

async function inspectLanguageModel(folder: Folder<"language-model">): Promise<InspectedLanguageModel> {
  const { facts, model } = await readLanguageModel(folder.path, { threads: 1 });
  const { contextLength } = model;
  await model.close();
  return {
    ...toldOf(folder),
    summary: languageFamilies[facts.family].summary,
    contextLength,
    results: readResults(folder, pretrainingResultsSchema),
  };
}

async function inspectVectors(folder: Folder<"word-vectors">): Promise<InspectedVectors> {
  const { vectors } = await readVectorsFolder(folder.path);
  return { ...toldOf(folder), firstWords: vectors.words.slice(0, 10) };
}

async function inspectIndex(folder: Folder<"row-index">): Promise<InspectedIndex> {
  const { kind } = folder.facts.encoder;
  // Files of a pretrained encoder are the index's own, and were checked with them.
  if (kind === "pretrained") return toldOf(folder);
  const part = kind === "words" ? indexFiles.words : indexFiles.model;
  await checkFolder(openFolder(join(folder.path, part), ...allKinds));
  return toldOf(folder);
}

async function inspectRun(folder: Folder<"unfinished-run">): Promise<InspectedRun> {
  const { becomes, decided } = folder.facts;
  if (becomes === "text-model") return { ...toldOf(folder), families: finishedFamilies(folder.path) };
  const length = runLengthSchema.safeParse(decided).data;
  return { ...toldOf(folder), done: checkpointSteps(folder.path).at(0), steps: length?.plans.at(-1)?.steps };
}

async function inspectLayerModel(folder: Folder<"layer-model">): Promise<InspectedLayerModel> {
  const model = await loadModel(folder.path);
  return { ...toldOf(folder), summary: model.summary() };
}

/** Files of folders inside stand with their way. */
function filesOf(folder: string, way = ""): { name: string; bytes: number }[] {
  return readdirSync(join(folder, way), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = way === "" ? entry.name : `${way}/${entry.name}`;
      return entry.isDirectory() ? filesOf(folder, name) : [{ name, bytes: statSync(join(folder, name)).size }];
    });
}

function readResults<Schema extends z.ZodType>(folder: Folder, schema: Schema): z.output<Schema> {
  const path = filePath(folder, "metrics.json");
  const json: unknown = inFile(path, () => {
    try {
      return JSON.parse(readFile(folder, "metrics.json").toString("utf8"));
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw new UserError("it is damaged: it is not JSON. Copy the folder again or train again.", { cause: error });
    }
  });
  const results = schema.safeParse(json);
  if (results.success) return results.data;
  const [issue] = results.error.issues;
  throw new UserError(`${path} is damaged: ${issue.path.join(".")}: ${issue.message}. Copy the folder again.`);
}
