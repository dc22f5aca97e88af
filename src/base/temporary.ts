// Paths that must not outlive the program: what is still there when it ends, even by process.exit, is removed.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const paths = new Set<string>();
let isListening = false;

/**
 * Removes `path` (a file or a folder, there yet or not) when the program ends, unless it was released before.
 *
 * @returns removes it now; call it when the work is done or has failed
 */
export function temporary(path: string): () => void {
  if (!isListening) process.once("exit", removeAll);
  isListening = true;
  paths.add(path);
  return () => {
    paths.delete(path);
    rmSync(path, { recursive: true, force: true });
  };
}

/**
 * A new folder in the system's temporary folder.
 *
 * @example
 * const { path, remove } = temporaryFolder("columnist-tables-");
 */
export function temporaryFolder(prefix: string): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), prefix));
  return { path, remove: temporary(path) };
}

function removeAll(): void {
  for (const path of paths) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // In use (Windows): the system's own cleaning gets it.
    }
  }
}
