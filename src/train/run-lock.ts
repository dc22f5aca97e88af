// One run a folder: a file that names the process at work. A process that is gone holds nothing.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";

export const lockName = "lock";
/** A process that was just killed takes a moment to be gone. */
const graceMilliseconds = 2000;
/** Locks of this process. */
const own = new Set<string>();

/** @throws UserError when another run that is alive works in `folder` */
export function lockRun(folder: string): () => void {
  const path = join(folder, lockName);
  const holds = JSON.stringify({ pid: process.pid, host: hostname() });
  const deadline = performance.now() + graceMilliseconds;
  for (;;) {
    try {
      writeFileSync(path, holds, { flag: "wx" });
      own.add(resolve(path));
      return () => {
        own.delete(resolve(path));
        rmSync(path, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = readHolder(path);
    if (holder && isAlive(holder, path)) {
      if (holder.pid !== process.pid && performance.now() < deadline) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
        continue;
      }
      throw new UserError(
        `Another run (process ${holder.pid} on ${holder.host}) is using '${folder}'. Wait for it, or choose another ` +
          `folder with ${option("out")}.`,
      );
    }
    rmSync(path, { force: true });
  }
}

function readHolder(path: string): { pid: number; host: string } | undefined {
  try {
    const { pid, host } = JSON.parse(readFileSync(path, "utf8"));
    return typeof pid === "number" && typeof host === "string" ? { pid, host } : undefined;
  } catch {
    // Gone by now, or cut off while it was written: nobody holds it.
    return undefined;
  }
}

/** Of a process on another machine nothing is known: it counts as alive. */
function isAlive({ pid, host }: { pid: number; host: string }, path: string): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return own.has(resolve(path));
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
