// The kinds of folders that Columnist writes: one table, which everything that opens or writes a folder asks. A folder may
// take the place of one of its own kind alone.
import { z } from "zod";
import type { FolderKind } from "./kinds/folder-kind.js";
import { languageModel } from "./kinds/language-model.js";
import { layerModel } from "./kinds/layer-model.js";
import { rowIndex } from "./kinds/row-index.js";
import { textModel } from "./kinds/text-model.js";
import { unfinishedRun } from "./kinds/unfinished-run.js";
import { wordVectors } from "./kinds/word-vectors.js";

export const kinds = {
  "text-model": textModel,
  "language-model": languageModel,
  "unfinished-run": unfinishedRun,
  "word-vectors": wordVectors,
  "row-index": rowIndex,
  "layer-model": layerModel,
} as const satisfies Record<string, FolderKind>;

export type Kind = keyof typeof kinds;
export const allKinds = Object.keys(kinds) as [Kind, ...Kind[]];

/** Raised when a reader of the old layout would misread the new one. 2: checksums of all files. */
export const formatVersion = 2;

/** Names of files in the folder, or in folders of it. */
const placeInside = /^(?!\.{1,2}(\/|$))[\w.-]+(\/(?!\.{1,2}(\/|$))[\w.-]+)*$/;

const fileFacts = z.object({ bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) });
export type FileFacts = z.infer<typeof fileFacts>;

/** What stands in every folder's facts. */
export const commonFacts = z.object({
  formatVersion: z.literal(formatVersion),
  kind: z.enum(allKinds),
  /** The version that wrote it. */
  columnist: z.string(),
  /** When, in ISO 8601. */
  created: z.string(),
  /** Tells a rerun: the same source, columns and kind have the same (see originOf). */
  origin: z.string().optional(),
  /** Every file of the folder by its path in it; of a folder inside that guards itself, its facts alone. */
  files: z.record(z.string().regex(placeInside), fileFacts),
});

export type OwnFacts<K extends Kind> = K extends Kind ? z.input<(typeof kinds)[K]["facts"]> : never;
export type FactsOf<K extends Kind> = K extends Kind
  ? Omit<z.infer<typeof commonFacts>, "kind"> & { kind: K } & z.output<(typeof kinds)[K]["facts"]>
  : never;
