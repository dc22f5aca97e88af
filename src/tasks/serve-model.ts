// From what a user calls a model to an open one, whatever its kind: one table. A kind's code is loaded when it is used.
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { tellFolder } from "../folders/index.js";
import { writesTexts } from "../networks/hugging-face/folder.js";
import type { DecoderPrecision } from "../networks/language/index.js";
import { pretrainedPath } from "./language/open-language-model.js";
import type { ServedModel, TableModel } from "./served-model.js";

const servers = {
  "text-model": async () => (await import("./serve-text-model.js")).serveTextModel,
  "language-model": async () => (await import("./language/serve.js")).serveLanguageModel,
  encoder: async () => (await import("./serve-encoder.js")).serveEncoder,
};

type Served = keyof typeof servers;

/** Of a folder that is neither, opening a text model says what it is. */
function servedAs(name: string): { served: Served; path: string } {
  const kind = tellFolder(name)?.kind;
  if (kind === "language-model") return { served: kind, path: name };
  const path = kind === undefined ? pretrainedPath(name) : undefined;
  if (path === undefined) return { served: "text-model", path: name };
  return { served: writesTexts(path) ? "language-model" : "encoder", path };
}

/**
 * @param name - a folder of ours, one in Hugging Face's layout, a .gguf file, or the id of a model in the Hub's cache
 * @throws UserError when it is no model, or is damaged or of another version
 */
export async function serveModel(name: string, threads: number): Promise<ServedModel> {
  const { served, path } = servedAs(name);
  return (await servers[served]())(path, threads);
}

/**
 * A model whose answers become columns.
 *
 * @param precision - of a language model
 * @throws UserError for an encoder, too
 */
export async function serveTableModel(
  name: string,
  threads: number,
  precision?: DecoderPrecision,
): Promise<TableModel> {
  const { served, path } = servedAs(name);
  if (served === "language-model") return (await servers[served]())(path, threads, precision);
  if (served === "text-model" && precision !== undefined && precision !== "float32")
    throw new UserError(
      `'${name}' is not a language model: ${option("precision")} ${precision} is for those. Omit it.`,
    );
  if (served !== "encoder") return (await servers[served]())(path, threads);
  throw new UserError(
    `'${name}' is a pretrained encoder, which gives vectors and learned no labels. Use it with columnist embed, index, search, ` +
      "topics or duplicates, or specify a folder that columnist train wrote.",
  );
}
