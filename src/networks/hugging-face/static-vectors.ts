// Static vectors of tokens in Hugging Face's layout: Model2Vec's folders (embeddings, perhaps with weights and a mapping from ids to
// rows) and the module StaticEmbedding of sentence-transformers. The folder may come from a stranger: everything is checked.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../base/errors.js";
import { readSmallFile } from "../../base/regular-file.js";
import { createWordVectors, type WordVectors } from "../../embeddings/word-vectors.js";
import { inFile } from "../../folders/index.js";
import type { NamedArray } from "../../formats/safetensors.js";
import { openSafetensors } from "../../formats/safetensors-file.js";
import { modelTypeOf } from "../../hub/architectures.js";
import { configName, tokenizerName } from "./folder.js";
import { checked, readJson } from "./json-file.js";
import { readTokenizerText } from "./read-tokenizer.js";

const weightsName = "model.safetensors";
const modulesName = "modules.json";
const staticModule = "StaticEmbedding";
const staticType = "model2vec";
/** In bytes. */
const longestConfig = 16 << 20;
/** Numbers of all vectors: 4 GB. */
const mostNumbers = 2 ** 30;

const modulesSchema = z
  .array(
    z.looseObject({ path: z.string().regex(/^(?!\.\.)[\w.-]*$/, "is not the name of a folder"), type: z.string() }),
  )
  .min(1)
  .max(64);

const lastName = (type: string) => type.slice(type.lastIndexOf(".") + 1);

/** Told by what it says of itself; a folder of a tokenizer and weights alone can be nothing else. */
export function isStaticFolder(folder: string): boolean {
  const read = (name: string) => {
    const path = join(folder, name);
    return existsSync(path) ? readSmallFile(path, longestConfig).toString("utf8") : undefined;
  };
  if (!existsSync(join(folder, weightsName)) && !existsSync(join(folder, modulesName))) return false;
  const [modules, config] = [read(modulesName), read(configName)];
  if (modules !== undefined) return firstModule(modules) === staticModule;
  const type = config === undefined ? undefined : modelTypeOf(config);
  if (type !== undefined) return type === staticType;
  return existsSync(join(folder, tokenizerName)) && hasMatrix(join(folder, weightsName));
}

/** New folders of Model2Vec have a config.json that names no type. */
function hasMatrix(path: string): boolean {
  try {
    const file = openSafetensors(path);
    file.close();
    return matrixIn(file.shapes) !== undefined;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** Model2Vec's name, and that of sentence-transformers. */
const [ofModel2Vec, ofModule] = ["embeddings", "embedding.weight"];
const matrixIn = (shapes: ReadonlyMap<string, readonly number[]>) =>
  [ofModel2Vec, ofModule].find((name) => shapes.get(name)?.length === 2);

/** Undefined where the text is no list of modules, which its reader tells. */
function firstModule(json: string): string | undefined {
  try {
    const [first] = JSON.parse(json) as { type?: unknown }[];
    return lastName(String(first?.type));
  } catch {
    return undefined;
  }
}

/**
 * Vectors that hold their tokens' weights, as many as the tokenizer has ids. Of the modules behind it Normalize alone is known,
 * since rows have the length 1 anyway. The whole text counts; Model2Vec's own `encode` reads its first 512 tokens.
 *
 * @throws UserError for files that are missing, damaged or do not fit each other, and for other modules
 * @example
 * const { dim, words } = await readStaticVectors("models/potion-base-8M");
 */
export async function readStaticVectors(folder: string): Promise<WordVectors> {
  const { tokenNames, tokenReader } = await import("../../embeddings/open-token-reader.js");
  const inner = join(folder, placeOfVectors(folder));
  const tokens = inFile(join(inner, tokenizerName), () => tokenReader(readTokenizerText(inner)));
  const words = tokenNames(tokens);
  const path = join(inner, weightsName);
  if (!existsSync(path))
    throw new UserError(`'${inner}' has no ${weightsName}. Specify a folder of static vectors, or download it again.`);
  return inFile(path, () => {
    const { dim, vectors, isModel2Vec } = readRows(path, words.length);
    // Model2Vec leaves unknown tokens out of the mean; sentence-transformers do not.
    const { unknown } = tokens.tokenizer.roles;
    if (isModel2Vec && unknown !== undefined) vectors.fill(0, unknown * dim, (unknown + 1) * dim);
    return createWordVectors({ words, dim, vectors, tokens });
  });
}

/** Within the folder. */
function placeOfVectors(folder: string): string {
  const path = join(folder, modulesName);
  const json = readJson(path);
  if (json === undefined) return "";
  const [{ path: place }, ...rest] = checked(modulesSchema, json, path);
  const other = rest.find(({ type }) => !["Normalize", "Dropout"].includes(lastName(type)));
  if (other)
    throw new UserError(
      `'${folder}' has the module '${lastName(other.type).slice(0, 60)}' in ${modulesName}, which is not supported behind ` +
        `${staticModule} (supported: Normalize, Dropout). Use another model.`,
    );
  return place === "." ? "" : place;
}

/** A row for each id: what stands for it, by its weight. */
function readRows(path: string, ids: number): { dim: number; vectors: Float32Array; isModel2Vec: boolean } {
  const file = openSafetensors(path);
  try {
    const name = matrixIn(file.shapes);
    if (name === undefined)
      throw new UserError(
        `it has no matrix '${ofModel2Vec}' or '${ofModule}', so it holds no static vectors. Specify another folder.`,
      );
    const [rows, dim] = file.shapes.get(name)!;
    if (dim < 1 || ids * dim > mostNumbers) throw new UserError(`its vectors have ${dim} numbers. Use another model.`);
    const mapping = optional(file.read("mapping"), file.shapes.get("mapping"), ids, "mapping");
    const weights = optional(file.read("weights"), file.shapes.get("weights"), ids, "weights");
    if (!mapping && rows < ids)
      throw new UserError(
        `it has vectors for ${rows} tokens, but ${tokenizerName} gives ids up to ${ids - 1}. They belong to different models: ` +
          "download both again.",
      );
    const table = floats(file.read(name)!, name);
    const vectors = new Float32Array(ids * dim);
    for (let id = 0; id < ids; id++) {
      const row = mapping ? mapping[id] : id;
      if (!(Number.isInteger(row) && row >= 0 && row < rows))
        throw new UserError(`its mapping leads to row ${row}, but it has ${rows}. Download the model again.`);
      const weight = weights ? weights[id] : 1;
      for (let d = 0; d < dim; d++) vectors[id * dim + d] = weight * table[row * dim + d];
    }
    return { dim, vectors, isModel2Vec: name === ofModel2Vec };
  } finally {
    file.close();
  }
}

function optional(
  data: NamedArray["data"] | undefined,
  shape: readonly number[] | undefined,
  ids: number,
  name: string,
): ArrayLike<number> | undefined {
  if (data === undefined) return undefined;
  if (shape?.length !== 1 || data.length < ids)
    throw new UserError(
      `its ${name} has the shape [${shape?.join(", ")}] for ${ids} tokens. Download the model again.`,
    );
  return data instanceof BigInt64Array ? Float64Array.from(data, Number) : data;
}

function floats(data: NamedArray["data"], name: string): Float32Array | Float64Array {
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  throw new UserError(
    `its '${name}' is in a type that is not read here (read: F64, F32, F16, BF16). Use another model.`,
  );
}
