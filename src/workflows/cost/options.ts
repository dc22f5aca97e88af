// Options of telling a cost, defined once.
import { z } from "zod";
import { usualWatts } from "../../cost/index.js";
import { sourceOptions, textOption, threadsOption } from "../options.js";
import { trainOptionsSchema } from "../train/options.js";

const { label, task, separator, manyLabels, model, epochs, base, tune, seed, splitSeed } = trainOptionsSchema.shape;

export const costOptionsSchema = z.object({
  text: textOption.optional().meta({
    description: "text column; repeat it to join several (default: the model's)",
    value: "column",
    expects: "a column name",
  }),
  label: label.optional().meta({
    description: "column to predict: what training on the table would cost",
    value: "column",
    expects: "a column name",
  }),
  task,
  separator,
  manyLabels,
  model: model.meta({ description: "family whose training is meant (default: all)", value: "name" }),
  epochs,
  base,
  tune,
  watts: z.number().min(0.1).max(1000).default(usualWatts).meta({
    description: "watts that one busy core draws, for the energy",
    value: "n",
    expects: "a number from 0.1 to 1000",
  }),
  threads: threadsOption,
  seed,
  splitSeed,
  ...sourceOptions,
});

export type CostOptions = z.input<typeof costOptionsSchema>;
export type CostSettings = z.output<typeof costOptionsSchema>;
