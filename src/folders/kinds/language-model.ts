// The folder of a language model. While it is trained, the folder of its run stands in it.
import { z } from "zod";
import { type FolderKind, factText, modelFacts, modelFiles } from "./folder-kind.js";

const facts = z.object({
  ...modelFacts,
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

export const languageModel = {
  noun: "a language model",
  folder: "model folder",
  not: "not a model folder",
  made: "columnist pretrain",
  uses: "columnist perplexity, score, generate, evaluate or inspect",
  facts,
  owns: new RegExp(`^(${modelFiles}|run)$`),
} satisfies FolderKind;
