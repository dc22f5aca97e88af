// The folder of an unfinished run, inside that of the model that it will be. Its files change while it runs, so its facts
// list none; what it keeps carries checksums of its own.
import { z } from "zod";
import type { FolderKind } from "./folder-kind.js";

const facts = z.object({
  /** The kind of the folder that it will be. */
  becomes: z.enum(["text-model", "language-model"]),
  /** What the command was asked for; the table's path among it. */
  options: z.record(z.string(), z.unknown()),
  /** What holds for all of the run, the work's own part; absent as long as nothing is kept. */
  decided: z.unknown().optional(),
});

export const unfinishedRun = {
  noun: "an unfinished run",
  folder: "folder of an unfinished run",
  not: "not the folder of an unfinished run",
  made: "columnist train",
  uses: "the command that began it, or columnist inspect",
  facts,
  owns: /./,
  former: { name: "run.json", holds: '"options"' },
} satisfies FolderKind;

/** Where it stands in the folder of the model that it will be. */
export const runPlace = "run";
