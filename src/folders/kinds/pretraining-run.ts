// The folder of an unfinished pretraining run, inside the language model's: options, tokens, checkpoints. Its files change
// while it runs, so its facts list none; checkpoints carry checksums of their own.
import { z } from "zod";
import type { FolderKind } from "./folder-kind.js";

const stepPlan = z.object({
  /** Steps that were done when it was decided. */
  from: z.int().min(0),
  /** In all. */
  steps: z.int().min(1),
  /** Evaluations from there to the end; the last step has its own. */
  looks: z.int().min(0),
});

const facts = z.object({
  /** What the command was asked for; the table's path among it. */
  options: z.record(z.string(), z.unknown()),
  /** What was decided about its length; absent before training begins. */
  length: z
    .object({
      /** The first when training began; each later one holds from its `from` on. A run that goes on follows them again. */
      plans: z.array(stepPlan).min(1),
      /** Seconds, as they were measured before the first step. */
      times: z.object({ step: z.number().positive(), look: z.number().positive() }).optional(),
      /** Seconds for all of the run, where its time decides. */
      budget: z.number().positive().optional(),
      /** Steps at most, whatever the time. */
      most: z.number().positive().optional(),
    })
    .optional(),
});

export const pretrainingRun = {
  noun: "an unfinished pretraining run",
  folder: "folder of a pretraining run",
  not: "not the folder of a pretraining run",
  made: "columnist pretrain",
  uses: "columnist pretrain --resume, or inspect",
  facts,
  owns: /./,
  former: { name: "run.json", holds: '"options"' },
} satisfies FolderKind;

/** Where it stands in the folder of the language model that it will be. */
export const runPlace = "run";
