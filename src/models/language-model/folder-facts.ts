// What the folder of a language model says about itself, defined once.
import { z } from "zod";
import { commonFacts, factText } from "../folder/index.js";

export const folderFactsSchema = z.object({
  ...commonFacts,
  task: z.literal("language-model"),
  /** Columns that the texts were taken from; none when they were plain text files. */
  textColumns: z.array(factText),
  vocabSize: z.number().int().min(1),
  /** What training was asked for; every family has a seed, the rest is its own. */
  options: z.looseObject({ seed: z.number() }),
  data: z.object({
    source: factText,
    /** Rows or files. */
    trainingTexts: z.number(),
    validationTexts: z.number(),
    trainingTokens: z.number(),
    validationTokens: z.number(),
    /** SHA-256 of what it was trained on. */
    fingerprint: z.string(),
  }),
});

export type FolderFacts = z.infer<typeof folderFactsSchema>;
