// Folders of the Hub's cache as Python's huggingface_hub writes them, for tests. Knows nothing of the code that reads them.
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** Variables that say where models are, and whether they may be pulled. */
export const hubVariables = /^(HF_|HUGGING|TRANSFORMERS_OFFLINE|XDG_CACHE_HOME)/;

/** Runs each test without the user's own settings. @returns puts them back */
export function withoutHubVariables(): () => void {
  const before = { ...process.env };
  for (const name of Object.keys(process.env)) if (hubVariables.test(name)) delete process.env[name];
  return () => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  };
}

/**
 * Blobs, links to them, and a name of the commit. @returns the snapshot's folder
 *
 * @example
 * writeCached(cache, "org/name", "a".repeat(40), { "config.json": "{}" });
 */
export function writeCached(
  cache: string,
  id: string,
  commit: string,
  files: Record<string, Uint8Array | string>,
  ref = "main",
): string {
  const repository = join(cache, `models--${id.replace("/", "--")}`);
  const snapshot = join(repository, "snapshots", commit);
  writeBelow(join(repository, "refs", ref), commit);
  for (const [name, content] of Object.entries(files)) {
    const blob = join(repository, "blobs", createHash("sha256").update(content).digest("hex"));
    writeBelow(blob, content);
    const pointer = join(snapshot, name);
    mkdirSync(dirname(pointer), { recursive: true });
    rmSync(pointer, { force: true });
    symlinkSync(relative(dirname(pointer), blob), pointer);
  }
  return snapshot;
}

/** Writes a file and the folders above it. @returns its path */
export function writeBelow(path: string, content: Uint8Array | string = ""): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}
