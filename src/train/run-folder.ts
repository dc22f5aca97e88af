// The folder of an unfinished run, inside that of the model that it will be: what was asked for, checkpoints, and what else
// the work keeps there.
import { existsSync, lstatSync, mkdirSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { z } from "zod";
import { asideName } from "../base/atomic.js";
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { checkParent, writeFault } from "../base/outputs.js";
import { placeOf } from "../base/place.js";
import { checkFolderOut, type FactsOf, openFolder, runPlace, tellFolder, writeOpenFacts } from "../folders/index.js";
import { lockRun } from "./run-lock.js";

type Becomes = FactsOf<"unfinished-run">["becomes"];

export interface UnfinishedRun<Decided> {
  path: string;
  /** What holds for all of the run; undefined as long as nothing is kept that a new run could lose. */
  readonly decided: Decided | undefined;
  /** Keeps it: it outlives the program. */
  decide(decided: Decided): void;
  /** Ends the work in it; call it in any case. With `forget` nothing of the run is kept. */
  close(how?: { forget: boolean }): void;
}

export interface RunRequest<Decided> {
  /** The model's folder. */
  out: string;
  /** What it will be. */
  becomes: Becomes;
  /** All options with the table's `path`: a run goes on with the same ones alone. */
  options: Record<string, unknown> & { overwrite: boolean; resume: boolean };
  /** Tells a rerun, see originOf. */
  origin: string | undefined;
  /** What is decided when training begins. */
  decided: z.ZodType<Decided>;
}

/** Options that may differ when a run goes on: they do not change the result. */
const free = new Set(["threads", "resume", "out", "overwrite"]);

/**
 * @throws UserError when the folder holds something else, an unfinished run that was not asked for, or one with other options
 */
export function openRun<Decided>(
  { out, becomes, origin, ...request }: RunRequest<Decided>,
  say: (message: string) => void,
): UnfinishedRun<Decided> {
  const { resume, overwrite } = request.options;
  const path = join(out, runPlace);
  const isThere = () => {
    const there = tellFolder(path);
    return there?.kind === "unfinished-run" && there.becomes === becomes;
  };
  checkParent(out);
  const unlock = lockOut(out);
  try {
    const goesOn = resume && isThere();
    if (!goesOn) {
      checkFolderOut(out, becomes, { origin, overwrite });
      if (existsSync(path) && !isThere() && readdirSync(path).length > 0)
        throw new UserError(
          `'${path}' is not a run that this version of columnist can resume. Remove it, or choose another folder with ` +
            `${option("out")}.`,
        );
      if (resume) say(`There is no unfinished run in '${out}' to resume: starting a new one.`);
    }
    checkLinks(path);
    mkdirSync(join(placeOf(out), runPlace), { recursive: true });
    const options = Object.fromEntries(Object.entries(request.options).filter(([key]) => !free.has(key)));
    let decided: Decided | undefined;
    if (isThere()) {
      const { facts } = openFolder(path, "unfinished-run");
      if (!goesOn && facts.decided !== undefined)
        throw new UserError(
          `'${out}' contains an unfinished run. Resume it with the same command and ${option("resume")}, choose ` +
            `another folder with ${option("out")}, or remove '${path}'.`,
        );
      if (goesOn) checkSameOptions(facts.options, options);
      else for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true });
      decided = facts.decided === undefined ? undefined : readDecided(facts.decided, request.decided, path);
      removeTorn(path);
    }
    const keep = () => writeOpenFacts(path, "unfinished-run", { becomes, options, decided });
    keep();
    return {
      path,
      get decided() {
        return decided;
      },
      decide(wanted) {
        decided = wanted;
        keep();
      },
      close({ forget } = { forget: false }) {
        try {
          if (forget) removeRun(path);
        } finally {
          unlock();
        }
      },
    };
  } catch (error) {
    unlock();
    throw writeFault(error, out);
  }
}

function readDecided<Decided>(decided: unknown, schema: z.ZodType<Decided>, path: string): Decided {
  const read = schema.safeParse(decided);
  if (read.success) return read.data;
  const [{ path: place, message }] = read.error.issues;
  throw new UserError(
    `What the unfinished run in '${path}' decided is damaged (${place.join(".")}: ${message}). To start again, remove the ` +
      `folder, or choose another one with ${option("out")}.`,
  );
}

function lockOut(out: string): () => void {
  try {
    return lockRun(out);
  } catch (error) {
    throw writeFault(error, out);
  }
}

/** Its files are written at their own paths, so a link would lead out of it; a run has none. */
function checkLinks(path: string): void {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (!status) return;
  const entries = status.isDirectory() ? readdirSync(path, { recursive: true, withFileTypes: true }) : [];
  const other = entries.find((entry) => !entry.isFile() && !entry.isDirectory());
  if (status.isDirectory() && !other) return;
  const what = other ? `contains '${other.name}', a link or no file` : "is a link or no folder";
  throw new UserError(
    `'${path}' ${what}, so it is not a run of columnist. Remove it, or choose another folder with ${option("out")}.`,
  );
}

/** What else stands in the model's folder stays, and an empty folder goes too. */
function removeRun(path: string): void {
  rmSync(path, { recursive: true, force: true });
  const out = dirname(path);
  if (existsSync(out) && readdirSync(out).length === 0) rmdirSync(placeOf(out));
}

/** What was being written aside when the program ended. */
function removeTorn(path: string): void {
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true }))
    if (asideName.test(entry.name)) rmSync(join(entry.parentPath, entry.name), { recursive: true, force: true });
}

function checkSameOptions(before: Record<string, unknown>, now: Record<string, unknown>): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const [then, given] = [before, now].map((options) => JSON.stringify(options[key]));
    if (then === given) continue;
    throw new UserError(
      `The unfinished run has ${key === "path" ? "the table" : option(key)} ${then ?? "not set"}, this command ` +
        `${given ?? "does not set it"}. Resume with the same options, or start another run with ${option("out")}.`,
    );
  }
}
