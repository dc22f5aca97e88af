// Checkpoints of a run: the trainer's arrays and the history so far. Written aside and renamed, with a checksum; the
// last two are kept. A damaged one is passed over, and the one before is used.
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { asidePath, writeFileWhole } from "../../base/atomic.js";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { readSafetensors, writeSafetensors } from "../../formats/safetensors-file.js";
import type { TrainerArray, TrainerState } from "../../networks/language/index.js";

export const historyPointSchema = z.object({
  step: z.number(),
  /** Mean over the steps since the point before, in nats a token. */
  trainingLoss: z.number(),
  /** Where it was measured. */
  validationLoss: z.number().optional(),
  /** Of training alone, since the beginning. */
  seconds: z.number(),
  /** Some text from the model as it was then. */
  sample: z.string().optional(),
});
export type HistoryPoint = z.infer<typeof historyPointSchema>;

const progressSchema = z.object({
  history: z.array(historyPointSchema),
  /** Seconds of training alone. */
  seconds: z.number(),
  /** Seconds of everything since the first vectors: evaluations, samples and checkpoints too. */
  spent: z.number(),
  /** Losses of the steps since the last point of the history. */
  since: z.object({ sum: z.number(), count: z.number() }),
});
/** How far a run has come, apart from what the trainer holds. */
export type RunProgress = z.infer<typeof progressSchema>;

const noteSchema = progressSchema.extend({ step: z.number().int().min(0), sha256: z.string() });

export interface Checkpoint extends RunProgress {
  state: TrainerState;
}

const kept = 2;
const nameOf = (step: number) => `checkpoint-${step}`;

export function writeCheckpoint(folder: string, { state, ...progress }: Checkpoint): void {
  const path = join(folder, `${nameOf(state.step)}.safetensors`);
  const aside = asidePath(path);
  const tensors = new Map([...state.arrays].map(([name, data]) => [name, { shape: [data.length], data }]));
  try {
    writeSafetensors(aside, tensors);
    flush(aside);
    const sha256 = hashOf(aside);
    renameSync(aside, path);
    // The note comes last: a checkpoint without one does not count.
    const note = { step: state.step, sha256, ...progress };
    writeFileWhole(join(folder, `${nameOf(state.step)}.json`), JSON.stringify(note));
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
  for (const step of stepsIn(folder).slice(kept)) removeCheckpoint(folder, step);
}

/**
 * The newest checkpoint that is whole. Damaged ones are told to `say`, and passed over.
 *
 * @returns undefined when there is none
 * @throws UserError when there are checkpoints and all of them are damaged
 */
export function readCheckpoint(folder: string, say: (message: string) => void): Checkpoint | undefined {
  const steps = stepsIn(folder);
  for (const step of steps) {
    const path = join(folder, `${nameOf(step)}.safetensors`);
    try {
      const note = noteSchema.parse(JSON.parse(readFileSync(join(folder, `${nameOf(step)}.json`), "utf8")));
      const { step: _, sha256, ...progress } = note;
      if (hashOf(path) !== sha256) throw new UserError("its checksum is wrong");
      const arrays: TrainerState["arrays"] = new Map();
      for (const [name, { data }] of readSafetensors(path).tensors) arrays.set(name, data as TrainerArray);
      return { state: { step, arrays }, ...progress };
    } catch (error) {
      const [reason] = String((error as Error).message).split("\n");
      say(`The checkpoint of step ${step} is damaged (${reason.slice(0, 100)}); the previous one is used.`);
    }
  }
  if (steps.length > 0)
    throw new UserError(
      `All checkpoints in '${folder}' are damaged. To start again, remove the folder, or choose another one with ` +
        `${option("out")}.`,
    );
  return undefined;
}

/** Newest first. */
function stepsIn(folder: string): number[] {
  return readdirSync(folder)
    .map((name) => /^checkpoint-(\d+)\.json$/.exec(name)?.[1])
    .filter((step) => step !== undefined)
    .map(Number)
    .sort((a, b) => b - a);
}

function removeCheckpoint(folder: string, step: number): void {
  for (const ending of ["json", "safetensors"]) rmSync(join(folder, `${nameOf(step)}.${ending}`), { force: true });
}

function flush(path: string): void {
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function hashOf(path: string): string {
  if (!existsSync(path)) throw new UserError("its file is missing");
  const hash = createHash("sha256");
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.allocUnsafe(1 << 22);
    for (let got = readSync(file, buffer); got > 0; got = readSync(file, buffer)) hash.update(buffer.subarray(0, got));
  } finally {
    closeSync(file);
  }
  return hash.digest("hex");
}
