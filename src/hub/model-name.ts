// What a user types for a model of the Hub: its id, a revision of it, one file of it.
import { UserError } from "../base/errors.js";

export interface ModelName {
  /** "organisation/name", or "name" alone for the oldest ones, such as gpt2. */
  id: string;
  /** Branch, tag or commit. */
  revision?: string;
  /** Path of one .gguf file in the repository. */
  file?: string;
}

/** huggingface_hub/utils/_validators.py */
const part = /^[A-Za-z0-9_](?:[\w.-]*[A-Za-z0-9_])?$/;
const longestId = 96;

/**
 * Undefined where the text cannot be a name on the Hub.
 *
 * @example
 * parseModelName("org/name@v2"); // { id: "org/name", revision: "v2" }
 * parseModelName("org/name/model-q4.gguf"); // { id: "org/name", file: "model-q4.gguf" }
 */
export function parseModelName(text: string): ModelName | undefined {
  const at = text.indexOf("@");
  const [path, revision] = at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
  if (revision !== undefined && !isInside(revision)) return undefined;
  const parts = path.split("/");
  const hasFile = parts.length > 2 && isGguf(path);
  const id = hasFile ? parts.slice(0, 2).join("/") : path;
  const file = hasFile ? parts.slice(2).join("/") : undefined;
  if (!isId(id) || (file !== undefined && !isInside(file))) return undefined;
  return { id, ...(revision !== undefined && { revision }), ...(file !== undefined && { file }) };
}

/**
 * Also takes the address of a model's page, or of a file's.
 *
 * @throws UserError where the text cannot be a name on the Hub
 * @example
 * expectModelName("https://huggingface.co/org/name/tree/v2"); // { id: "org/name", revision: "v2" }
 */
export function expectModelName(text: string): ModelName {
  const name = parseModelName(nameOfPage(text) ?? text);
  if (name) return name;
  throw new UserError(
    `'${text}' is not the id of a model on the Hub. Write organisation/name, with @revision or /file.gguf after it if you ` +
      "need one, such as sentence-transformers/all-MiniLM-L6-v2. Models worth having: columnist pull",
  );
}

const page =
  /^(?:https?:\/\/)?(?:huggingface\.co|hf\.co)\/(?<id>[^/]+\/[^/?#]+)(?:\/(?:tree|blob|resolve)\/(?<revision>[^/?#]+)(?<file>\/[^?#]+\.gguf)?)?\/?(?:[?#].*)?$/;

function nameOfPage(text: string): string | undefined {
  const parts = page.exec(text)?.groups;
  if (!parts) return undefined;
  const { id, revision, file = "" } = parts;
  return `${id}${file}${revision === undefined || revision === "main" ? "" : `@${decodeURIComponent(revision)}`}`;
}

export const showModelName = ({ id, revision, file }: ModelName): string =>
  `${id}${file === undefined ? "" : `/${file}`}${revision === undefined ? "" : `@${revision}`}`;

export const isGguf = (path: string): boolean => /\.gguf$/i.test(path);

/** The path of a file that stays inside its folder, on every system: forward slashes, no way up, no control characters. */
export function isInside(path: string): boolean {
  const parts = path.split("/");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  return !/[\\:\u0000-\u001f\u007f]/.test(path) && parts.every((name) => !["", ".", ".."].includes(name));
}

function isId(id: string): boolean {
  const parts = id.split("/");
  return (
    id.length <= longestId && parts.length <= 2 && parts.every((name) => part.test(name)) && !/--|\.\.|\.git$/.test(id)
  );
}
