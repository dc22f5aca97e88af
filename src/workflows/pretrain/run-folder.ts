// The folder of an unfinished run, inside the model's: its options, tokens and checkpoints.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { writeFileWhole } from "../../base/atomic.js";
import { UserError } from "../../base/errors.js";
import { checkModelOut } from "../model-out.js";
import type { PretrainSettings } from "./pretrain-options.js";
import { lockName, lockRun } from "./run-lock.js";

export interface RunFolder {
  path: string;
  /** Steps that were decided when training began; undefined before. */
  readonly steps: number | undefined;
  keepSteps(steps: number): void;
  unlock(): void;
}

/** Options that may differ when a run goes on: they do not change the result. */
const free = new Set(["threads", "resume", "out"]);

const recordSchema = z.object({ options: z.record(z.string(), z.unknown()), steps: z.number().optional() });

/** @throws UserError when the folder holds something else, or another run, or a run with other options */
export function openRun(table: string, settings: PretrainSettings): RunFolder {
  const { out, resume } = settings;
  const path = join(out, "run");
  const file = join(path, "run.json");
  if (resume && !existsSync(file))
    throw new UserError(`There is no unfinished run in '${out}' to resume. Start one without --resume.`);
  if (!existsSync(path)) checkModelOut(out);
  mkdirSync(path, { recursive: true });
  const unlock = lockRun(path);
  try {
    const options = { path: table, ...Object.fromEntries(Object.entries(settings).filter(([key]) => !free.has(key))) };
    let steps: number | undefined;
    if (existsSync(file)) {
      const record = recordSchema.parse(JSON.parse(readFileSync(file, "utf8")));
      if (!resume && record.steps !== undefined)
        throw new UserError(
          `'${out}' holds an unfinished run. Resume it: the same command with --resume. Or name another folder ` +
            `with --out, or remove '${path}'.`,
        );
      if (resume) checkSameOptions(record.options, options);
      // A run that ended before its first step holds nothing that a new one could lose.
      else for (const name of readdirSync(path)) if (name !== lockName) rmSync(join(path, name));
      steps = record.steps;
    }
    writeFileWhole(file, JSON.stringify({ options, steps }, null, 2));
    return {
      path,
      get steps() {
        return steps;
      },
      keepSteps(wanted) {
        steps = wanted;
        writeFileWhole(file, JSON.stringify({ options, steps }, null, 2));
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
      `The unfinished run has ${flag} ${then ?? "left out"}, this command ${given ?? "leaves it out"}. Resume with the ` +
        "options that it began with, or start another run with --out.",
    );
  }
}
