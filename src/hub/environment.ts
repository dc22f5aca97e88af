// The variables that Hugging Face's libraries read, with their meaning there (huggingface_hub/constants.py): one cache for all.
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where repositories are kept: HF_HUB_CACHE, or hub/ in HF_HOME, or in ~/.cache/huggingface. */
export function cacheFolder(): string {
  return expanded(process.env.HF_HUB_CACHE || process.env.HUGGINGFACE_HUB_CACHE || join(home(), "hub"));
}

/** HF_HUB_OFFLINE (or transformers' own variable): nothing may use the network. */
export function isOffline(): boolean {
  return isTrue(process.env.HF_HUB_OFFLINE) || isTrue(process.env.TRANSFORMERS_OFFLINE);
}

/** The server of the models, without a slash at its end. */
export function hubEndpoint(): string {
  return (process.env.HF_ENDPOINT || "https://huggingface.co").replace(/\/+$/, "");
}

/** The user's access token: HF_TOKEN, or the file that `hf auth login` writes; undefined without one. */
export function accessToken(): string | undefined {
  const named = process.env.HF_TOKEN || process.env.HUGGING_FACE_HUB_TOKEN;
  if (named?.trim()) return named.trim();
  const file = expanded(process.env.HF_TOKEN_PATH || join(home(), "token"));
  if (isTrue(process.env.HF_HUB_DISABLE_IMPLICIT_TOKEN) || !existsSync(file)) return undefined;
  return readFileSync(file, "utf8").trim() || undefined;
}

/** Seconds without a byte after which a request is given up: HF_HUB_DOWNLOAD_TIMEOUT, by default 10 as in Python. */
export function networkPatience(): number {
  const seconds = Number(process.env.HF_HUB_DOWNLOAD_TIMEOUT);
  return seconds > 0 ? seconds : 10;
}

function home(): string {
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return expanded(process.env.HF_HOME || join(caches, "huggingface"));
}

/** "~" and "$NAME" at the places where Python expands them. */
function expanded(path: string): string {
  return path
    .replace(/^~(?=$|[/\\])/, homedir())
    .replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced, bare) => process.env[braced ?? bare] ?? whole);
}

const isTrue = (value = "") => ["1", "ON", "YES", "TRUE"].includes(value.toUpperCase());
