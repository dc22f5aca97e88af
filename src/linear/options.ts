// Options of the linear models, defined once: name, type, default, help.
import { z } from "zod";

/** What all linear models share: how texts become features. */
export const featureOptionsSchema = z.object({
  seed: z.number().int().default(0).describe("seed of the row order and of the held-out folds"),
  wordNgrams: z.number().int().min(1).max(4).default(2).describe("longest word n-gram used as a feature"),
  minCharacters: z.number().int().min(1).max(8).default(2).describe("shortest character n-gram used as a feature"),
  maxCharacters: z
    .number()
    .int()
    .min(0)
    .max(8)
    .default(5)
    .describe("longest character n-gram used as a feature; 0 for words only"),
  minWordRows: z.number().int().min(1).default(1).describe("least number of rows with a word feature"),
  minCharacterRows: z.number().int().min(1).default(2).describe("least number of rows with a character feature"),
  maxEntries: z
    .number()
    .positive()
    .default(6e7)
    .describe("upper bound of n-grams held in memory; longer tables are read only in part"),
  maxWeights: z
    .number()
    .positive()
    .default(3.2e7)
    .describe("upper bound of the number of weights; rarer features go first"),
  vectorWeight: z
    .union([z.literal("auto"), z.number().positive()])
    .default("auto")
    .describe(
      "weight of the texts' vectors beside their n-grams, where there are vectors; auto: the best on held-out rows",
    ),
});
export type FeatureSettings = z.output<typeof featureOptionsSchema>;

/** Of linear SVMs, for one label a row and for several. */
const supportVectorOptions = {
  tolerance: z.number().positive().default(0.1).describe("largest violation of optimality at which the solver stops"),
  folds: z
    .number()
    .int()
    .min(2)
    .default(5)
    .describe("folds for calibrating the probabilities; as many as needed are held out in turn"),
};

export const linearOptionsSchema = featureOptionsSchema.extend({
  C: z.number().positive().default(1).describe("inverse strength of the L2 penalty of the linear SVM"),
  ratio: z
    .union([z.literal("auto"), z.number().min(0).max(1)])
    .default("auto")
    .describe(
      "weight of the log-count ratios: 0 is plain TF-IDF, 1 the ratios alone; auto: 0 or 0.5 by held-out log loss, 0 for more than 20 classes",
    ),
  ...supportVectorOptions,
});

/** All optional; see `linearOptionsSchema` for defaults and help. */
export type LinearOptions = z.input<typeof linearOptionsSchema>;
export type LinearSettings = z.output<typeof linearOptionsSchema>;

export const ridgeOptionsSchema = featureOptionsSchema.extend({
  penalties: z
    .array(z.number().positive())
    .min(1)
    .default([100, 10, 1, 0.1, 0.01])
    .describe("strengths of the L2 penalty, of which the best is chosen by generalised cross-validation"),
  tolerance: z
    .number()
    .positive()
    .default(1e-4)
    .describe("length of the residual, relative to that of the numbers, at which the solver stops"),
});

/** All optional; see `ridgeOptionsSchema` for defaults and help. */
export type RidgeOptions = z.input<typeof ridgeOptionsSchema>;

export const multilabelOptionsSchema = featureOptionsSchema.extend({
  C: z.number().positive().default(0.1).describe("inverse strength of the L2 penalty of the linear SVMs"),
  ...supportVectorOptions,
});

/** All optional; see `multilabelOptionsSchema` for defaults and help. */
export type MultilabelOptions = z.input<typeof multilabelOptionsSchema>;
export type MultilabelSettings = z.output<typeof multilabelOptionsSchema>;
