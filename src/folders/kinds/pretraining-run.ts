// The folder of an unfinished pretraining run, inside the language model's: options, tokens, checkpoints. Its files change
// while it runs, so its facts list none; checkpoints carry checksums of their own.
import { z } from "zod";
import type { FolderKind } from "./folder-kind.js";

const facts = z.object({
  /** What the command was asked for; the table's path among it. */
  options: z.record(z.string(), z.unknown()),
  /** Steps that were decided when training began; absent before. */
  steps: z.number().optional(),
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
