// The folder of an index: what it says of itself, its rows with their vectors, the words that encode questions.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../base/errors.js";
import { writeVectorsFolder } from "../embeddings/vectors-folder.js";
import { openWordRows } from "../embeddings/word-rows.js";
import { decodeSafetensors, encodeSafetensors } from "../formats/safetensors.js";
import { modelEncoder, type RowEncoder, type SourcedEncoder, sifEncoder } from "../rows/index.js";
import { packageVersion } from "./package-version.js";

const formatVersion = 1;
const factsSchema = z.object({
  formatVersion: z.literal(formatVersion),
  task: z.literal("row-index"),
  columnist: z.string(),
  textColumns: z.array(z.string()),
  rows: z.int().min(1),
  dim: z.int().min(1).max(65536),
  encoder: z.object({ kind: z.enum(["words", "model"]), description: z.string() }),
  /** Bytes of each file of the approximate index; none where rows are few and all are compared. */
  shards: z.array(z.int().min(1)),
  /** Rows of the table of each vector are 0, 1, 2, …; the table had this name. */
  source: z.string(),
  /** What is ignored in texts and questions, as `compileIgnore` takes it. */
  ignore: z.string().min(1).optional(),
});

export type IndexFacts = z.infer<typeof factsSchema>;

const names = { facts: "columnist.json", rows: "rows.parquet", words: "words", sif: "sif.safetensors", model: "model" };

export const rowsPath = (folder: string) => join(folder, names.rows);

export function isIndexFolder(path: string): boolean {
  const facts = join(path, names.facts);
  return existsSync(facts) && /"task":\s*"row-index"/.test(readFileSync(facts, "utf8"));
}

/** Writes everything but the rows and the shards. */
export function writeIndexFacts(folder: string, facts: Omit<IndexFacts, "formatVersion" | "task" | "columnist">): void {
  const columnist = packageVersion();
  const whole: IndexFacts = { formatVersion, task: "row-index", columnist, ...facts };
  writeFileSync(join(folder, names.facts), `${JSON.stringify(whole, null, 2)}\n`);
}

export function writeIndexEncoder(folder: string, { source, description }: SourcedEncoder): void {
  if (source.kind === "model") {
    mkdirSync(join(folder, names.model));
    for (const name of readdirSync(source.folder))
      copyFileSync(join(source.folder, name), join(folder, names.model, name));
    return;
  }
  const { words } = source;
  const { weights, common } = source.sif;
  mkdirSync(join(folder, names.words));
  writeVectorsFolder(join(folder, names.words), words, {
    columnist: packageVersion(),
    method: description,
    lowercase: false,
    options: {},
    data: { source: description, texts: 0, tokens: 0 },
  });
  const tensors = new Map([["weights", { shape: [weights.length], data: weights }]]);
  if (common) tensors.set("common", { shape: [common.length], data: common });
  writeFileSync(join(folder, names.sif), encodeSafetensors(tensors));
}

/** @throws UserError for a folder that is damaged or of a newer version */
export function readIndexFacts(folder: string): IndexFacts {
  const path = join(folder, names.facts);
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UserError(`${path} is damaged: it is not JSON. Build the index again.`, { cause: error });
  }
  const facts = factsSchema.safeParse(json);
  if (facts.success) return facts.data;
  const [issue] = facts.error.issues;
  throw new UserError(`${path} cannot be used: ${issue.path.join(".")}: ${issue.message}. Build the index again.`);
}

/** What turns a question into a vector like those of the rows. */
export async function readIndexEncoder(folder: string, facts: IndexFacts, threads: number): Promise<RowEncoder> {
  if (facts.encoder.kind === "model") return modelEncoder(join(folder, names.model), threads);
  const path = join(folder, names.sif);
  if (!existsSync(path)) throw new UserError(`The index '${folder}' lacks ${names.sif}. Build the index again.`);
  const { tensors } = decodeSafetensors(readFileSync(path));
  const weights = tensors.get("weights")?.data;
  const common = tensors.get("common")?.data;
  const words = openWordRows(join(folder, names.words));
  const fits = (data: unknown, length: number) => data instanceof Float64Array && data.length === length;
  if (!fits(weights, words.ids.size) || (common && !fits(common, words.dim)) || words.dim !== facts.dim) {
    words.close();
    throw new UserError(`${path} does not fit the words of the index. Build the index again.`);
  }
  const sif = { words, weights: weights as Float64Array, common: common as Float64Array | undefined };
  return { ...sifEncoder(sif, facts.encoder.description), close: async () => words.close() };
}
