// The folder of an unfinished run, inside the model's: its options, tokens and checkpoints.
import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import {
  checkFolderOut,
  type FactsOf,
  openFolder,
  originOf,
  runPlace,
  tellFolder,
  writeOpenFacts,
} from "../../folders/index.js";
import type { PretrainSettings } from "./options.js";
import { lockName, lockRun } from "./run-lock.js";

/** What was decided about the length of a run. */
export type RunLength = NonNullable<FactsOf<"pretraining-run">["length"]>;

export interface RunFolder {
  path: string;
  /** Tells a rerun, see originOf. */
  origin: string | undefined;
  /** Undefined before training begins. */
  readonly length: RunLength | undefined;
  keepLength(length: RunLength): void;
  unlock(): void;
}

/** Options that may differ when a run goes on: they do not change the result. */
const free = new Set(["threads", "resume", "out", "overwrite"]);

/** @throws UserError when the folder holds something else, or another run, or a run with other options */
export function openRun(table: string, settings: PretrainSettings, say: (message: string) => void): RunFolder {
  const { out, overwrite, text } = settings;
  const origin = originOf({ path: table, table: settings.table, query: settings.query }, { text: text ?? [] });
  const path = join(out, runPlace);
  const isThere = () => tellFolder(path)?.kind === "pretraining-run";
  const resume = settings.resume && isThere();
  if (settings.resume && !resume) say(`There is no unfinished run in '${out}' to resume: starting a new one.`);
  if (!resume) {
    checkFolderOut(out, "language-model", { origin, overwrite });
    if (existsSync(path) && !isThere() && readdirSync(path).some((name) => name !== lockName))
      throw new UserError(
        `'${path}' is not a run that this version of columnist can resume. Remove it, or choose another folder with ` +
          `${option("out")}.`,
      );
  }
  mkdirSync(path, { recursive: true });
  const unlock = lockRun(path);
  try {
    const options = { path: table, ...Object.fromEntries(Object.entries(settings).filter(([key]) => !free.has(key))) };
    let length: RunLength | undefined;
    if (isThere()) {
      const { facts } = openFolder(path, "pretraining-run");
      if (!resume && facts.length !== undefined)
        throw new UserError(
          `'${out}' contains an unfinished run. Resume it with the same command and ${option("resume")}, choose ` +
            `another folder with ${option("out")}, or remove '${path}'.`,
        );
      if (resume) checkSameOptions(facts.options, options);
      // A run that ended before its first step holds nothing that a new one could lose.
      else for (const name of readdirSync(path)) if (name !== lockName) rmSync(join(path, name));
      length = facts.length;
    }
    writeOpenFacts(path, "pretraining-run", { options, length });
    return {
      path,
      origin,
      get length() {
        return length;
      },
      keepLength(wanted) {
        length = wanted;
        writeOpenFacts(path, "pretraining-run", { options, length });
      },
      unlock,
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Forgets a run; what else stands in the model's folder stays, and an empty folder goes too. */
export function removeRun({ path }: RunFolder): void {
  rmSync(path, { recursive: true, force: true });
  const out = dirname(path);
  if (existsSync(out) && readdirSync(out).length === 0) rmdirSync(out);
}

function checkSameOptions(before: Record<string, unknown>, now: Record<string, unknown>): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const [then, given] = [before, now].map((options) => JSON.stringify(options[key]));
    if (then === given) continue;
    const flag = key === "path" ? "the table" : `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw new UserError(
      `The unfinished run has ${flag} ${then ?? "not set"}, this command ${given ?? "does not set it"}. Resume with the ` +
        `same options, or start another run with ${option("out")}.`,
    );
  }
}
