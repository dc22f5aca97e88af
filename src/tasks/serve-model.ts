// From a folder to an open model, whatever its kind: one table. A kind's code is loaded when it is used.
import { UserError } from "../base/errors.js";
import { tellFolder } from "../folders/index.js";
import { isHuggingFaceFolder } from "../networks/hugging-face/folder.js";
import type { ServedModel, TableModel } from "./served-model.js";

const servers = {
  "text-model": async () => (await import("./serve-text-model.js")).serveTextModel,
  "language-model": async () => (await import("./language/serve.js")).serveLanguageModel,
  encoder: async () => (await import("./serve-encoder.js")).serveEncoder,
};

type Served = keyof typeof servers;

/** Of a folder that is neither, opening a text model says what it is. */
function servedAs(folder: string): Served {
  const kind = tellFolder(folder)?.kind;
  if (kind === "language-model") return kind;
  return kind === undefined && isHuggingFaceFolder(folder) ? "encoder" : "text-model";
}

/** @throws UserError when `folder` is no model's folder, or it is damaged or of another version */
export async function serveModel(folder: string, threads: number): Promise<ServedModel> {
  const serve = await servers[servedAs(folder)]();
  return serve(folder, threads);
}

/** A model whose answers become columns. @throws UserError for an encoder, too */
export async function serveTableModel(folder: string, threads: number): Promise<TableModel> {
  const served = servedAs(folder);
  if (served !== "encoder") return (await servers[served]())(folder, threads);
  throw new UserError(
    `'${folder}' is a pretrained encoder, which gives vectors and learned no labels. Use it with columnist embed, index, search, ` +
      "topics or duplicates, or specify a folder that columnist train wrote.",
  );
}
