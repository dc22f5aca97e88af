// One process at a time: a file that names its holder. It is written aside and linked to its place, which the system does
// for one process alone and never with half a file.
//
// The lock of a process that is gone is removed by its name, so whoever does it must know that no other process has removed
// it since and taken the lock itself. That is what a second lock is for, named after the first one's token: it is needed to
// remove the lock of that token, and tokens are never used again. It is a lock like any other, so that a process that dies
// on the way holds up nobody.
import { randomBytes } from "node:crypto";
import { linkSync, lstatSync, readFileSync, rmSync, type Stats, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { z } from "zod";
import { fateOf, type ProcessMark, processMarkSchema, thisProcess } from "./process-mark.js";

const holderSchema = processMarkSchema.extend({ token: z.string().regex(/^\w+$/) });
type Holder = z.infer<typeof holderSchema>;

/** Locks of this thread. */
const own = new Set<string>();

/** A file that nobody can read yet may be at work: where files have no links, it is not written in one go. */
const writingMilliseconds = 2000;
/** Where the system has no links (exFAT). */
const noLinks = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"];

/**
 * @param path - of the lock's own file, in a folder that is there
 * @returns releases the lock; or who holds it
 * @throws the system's error when the folder cannot be written
 * @example
 * const lock = tryLock("/data/.model.lock");
 * if (typeof lock === "function") lock();
 */
export function tryLock(path: string): (() => void) | ProcessMark {
  const token = randomBytes(8).toString("hex");
  const mark = JSON.stringify({ ...thisProcess(), token });
  const aside = `${path}.${token}.new`;
  writeFileSync(aside, mark, { flag: "wx" });
  own.add(token);
  let isOurs = false;
  try {
    for (;;) {
      isOurs = place(aside, path, mark);
      if (isOurs) return () => release(path, token);
      const holder = read(path);
      if (holder === "at work") pause();
      else if (holder !== undefined) {
        if (isHeld(holder)) return holder;
        removeOf(holder, path);
      }
    }
  } finally {
    rmSync(aside, { force: true });
    if (!isOurs) own.delete(token);
  }
}

/** False where one is there. */
function place(aside: string, path: string, mark: string): boolean {
  try {
    try {
      linkSync(aside, path);
    } catch (error) {
      if (!noLinks.includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
      writeFileSync(path, mark, { flag: "wx" });
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Undefined where there is none; one that cannot be read has a token of its own and no process. */
function read(path: string): Holder | { token: string } | "at work" | undefined {
  const status: Stats | undefined = lstatSync(path, { throwIfNoEntry: false });
  if (!status) return undefined;
  try {
    if (status.isFile()) return holderSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    if (Date.now() - status.mtimeMs < writingMilliseconds) return "at work";
  }
  return { token: `${status.ino}x${Math.trunc(status.mtimeMs)}` };
}

function isHeld(holder: Holder | { token: string }): holder is Holder {
  if (!("pid" in holder)) return false;
  const fate = fateOf(holder);
  // Of another machine nothing is known. Names tell machines apart: one of our name in another container is a former one.
  if (fate === "elsewhere") return holder.host !== hostname();
  if (fate === "gone") return false;
  // Where the start of a process is not known, an earlier one may have had our number.
  return holder.pid !== process.pid || holder.started !== undefined || own.has(holder.token);
}

function removeOf({ token }: { token: string }, path: string): void {
  const alone = tryLock(`${path}.${token}`);
  if (typeof alone !== "function") {
    pause();
    return;
  }
  try {
    const holder = read(path);
    if (typeof holder === "object" && holder.token === token) rmSync(path, { force: true });
  } finally {
    alone();
  }
}

function release(path: string, token: string): void {
  const holder = read(path);
  if (typeof holder === "object" && holder.token === token) rmSync(path, { force: true });
  own.delete(token);
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
}
