// Checkpoints of a run: the trainer's arrays and how far it has come. The last two are kept: a damaged one is passed over,
// and the one before is used.
import { existsSync, readdirSync } from "node:fs";
import { z } from "zod";
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { readNoted, removeNoted, writeNoted } from "./noted-tensors.js";
import { isProgress, progressSchema, type RunProgress } from "./progress.js";
import type { TrainerArray, TrainerState } from "./trainer.js";

const noteSchema = progressSchema.extend({ step: z.int().min(0) }).refine(isProgress, "its looks are not in order");

export interface Checkpoint extends RunProgress {
  state: TrainerState;
}

const kept = 2;
const nameOf = (step: number) => `checkpoint-${step}`;

export function writeCheckpoint(folder: string, { state: { step, arrays }, ...progress }: Checkpoint): void {
  const tensors = new Map([...arrays].map(([name, data]) => [name, { shape: [data.length], data }]));
  writeNoted(folder, nameOf(step), tensors, { step, ...progress });
  for (const old of checkpointSteps(folder).slice(kept)) removeNoted(folder, nameOf(old));
}

/**
 * The newest checkpoint that is whole. Damaged ones are told to `say`, and passed over.
 *
 * @returns undefined when there is none
 * @throws UserError when there are checkpoints and all of them are damaged
 */
export function readCheckpoint(folder: string, say: (message: string) => void): Checkpoint | undefined {
  const steps = checkpointSteps(folder);
  for (const step of steps) {
    try {
      const { tensors, note } = readNoted(folder, nameOf(step), noteSchema);
      const { step: _, ...progress } = note;
      const arrays = new Map([...tensors].map(([name, { data }]) => [name, data as TrainerArray]));
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

/** Newest first; none where there is no folder. */
export function checkpointSteps(folder: string): number[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => /^checkpoint-(\d+)\.json$/.exec(name)?.[1])
    .filter((step) => step !== undefined)
    .map(Number)
    .sort((a, b) => b - a);
}
