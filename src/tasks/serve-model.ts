// From a folder to an open model, whatever its kind: one table. A kind's code is loaded when it is used.
import type { Kind } from "../folders/index.js";
import { tellFolder } from "../folders/index.js";
import { pretrainedPath } from "./language/open-language-model.js";
import type { ServedModel } from "./served-model.js";

type Serve = (folder: string, threads: number) => Promise<ServedModel>;

const servers = {
  "text-model": async () => (await import("./serve-text-model.js")).serveTextModel,
  "language-model": async () => (await import("./language/serve.js")).serveLanguageModel,
} as const satisfies Partial<Record<Kind, () => Promise<Serve>>>;

/**
 * @param folder - or what openLanguageModel takes
 * @throws UserError when it is no model, or is damaged or of another version
 */
export async function serveModel(folder: string, threads: number): Promise<ServedModel> {
  const kind = tellFolder(folder)?.kind;
  const isLanguage = kind === "language-model" || (kind === undefined && pretrainedPath(folder) !== undefined);
  const serve = await servers[isLanguage ? "language-model" : "text-model"]();
  return serve(folder, threads);
}
