// The folder of an unfinished run, inside the model's: its options, tokens and checkpoints.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { writeFileWhole } from "../../base/atomic.js";
import { UserError } from "../../base/errors.js";
import { checkModelOut } from "../model-out.js";
import { stepPlanSchema } from "./plan-steps.js";
import type { PretrainSettings } from "./pretrain-options.js";
import { lockName, lockRun } from "./run-lock.js";

/** What was decided about the length of a run. */
const lengthSchema = z.object({
  /** The first when training began; each later one holds from its `from` on. A run that goes on follows them again. */
  plans: z.array(stepPlanSchema).min(1),
  /** As they were measured before the first step. */
  times: z.object({ step: z.number().positive(), look: z.number().positive() }).optional(),
  /** Seconds for all of the run, where its time decides. */
  budget: z.number().positive().optional(),
  /** Steps at most, whatever the time. */
  most: z.number().positive().optional(),
});
export type RunLength = z.infer<typeof lengthSchema>;

export interface RunFolder {
  path: string;
  /** Undefined before training begins. */
  readonly length: RunLength | undefined;
  keepLength(length: RunLength): void;
  unlock(): void;
}

/** Options that may differ when a run goes on: they do not change the result. */
const free = new Set(["threads", "resume", "out"]);

const recordSchema = z.object({ options: z.record(z.string(), z.unknown()), length: lengthSchema.optional() });

/** @throws UserError when the folder holds something else, or another run, or a run with other options */
export function openRun(table: string, settings: PretrainSettings, say: (message: string) => void): RunFolder {
  const { out } = settings;
  const path = join(out, "run");
  const file = join(path, "run.json");
  const resume = settings.resume && existsSync(file);
  if (settings.resume && !resume) say(`There is no unfinished run in '${out}' to resume: a new one begins.`);
  if (!existsSync(path)) checkModelOut(out);
  mkdirSync(path, { recursive: true });
  const unlock = lockRun(path);
  try {
    const options = { path: table, ...Object.fromEntries(Object.entries(settings).filter(([key]) => !free.has(key))) };
    let length: RunLength | undefined;
    if (existsSync(file)) {
      const record = recordSchema.parse(JSON.parse(readFileSync(file, "utf8")));
      if (!resume && record.length !== undefined)
        throw new UserError(
          `'${out}' holds an unfinished run. Go on with it: the same command and --resume. Or name another folder ` +
            `with --out, or remove '${path}'.`,
        );
      if (resume) checkSameOptions(record.options, options);
      // A run that ended before its first step holds nothing that a new one could lose.
      else for (const name of readdirSync(path)) if (name !== lockName) rmSync(join(path, name));
      length = record.length;
    }
    writeFileWhole(file, JSON.stringify({ options, length }, null, 2));
    return {
      path,
      get length() {
        return length;
      },
      keepLength(wanted) {
        length = wanted;
        writeFileWhole(file, JSON.stringify({ options, length }, null, 2));
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
